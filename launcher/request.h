#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "launcher/protocol.h"

/* CREATE, read and checked: its strings point into the message. */
typedef struct {
  KelvinOperationKind kind;
  uint8_t flags;
  mode_t mode;
  uint32_t number;
  uint64_t value;
  const char *source;
  const char *target;
  int source_fd; /* of BIND: the detached mount, once it is open */
} Operation;

typedef struct {
  size_t message_bytes;
  uint64_t id;
  uid_t uid;
  gid_t gid;
  bool has_marks;
  bool shows_network;
  bool is_process; /* KELVIN_CREATE_PROCESS */
  uint64_t memory_bytes;
  uint32_t n_processes;
  uint32_t n_operations;
  Operation operations[KELVIN_MOST_OPERATIONS];
  const char *folder;
  char *arguments[KELVIN_MOST_ARGUMENTS + 1];
  char *variables[KELVIN_MOST_VARIABLES + 1];
} Request;

/* Returns false for anything but a well-formed CREATE. @message must outlive @request. */
bool request_parse (Request *request, char *message, size_t size);
