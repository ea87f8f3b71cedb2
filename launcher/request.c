#include "launcher/request.h"

#include <string.h>
#include <sys/resource.h>

/* What is left of a message. */
typedef struct {
  char *next;
  size_t left;
} Cursor;

static bool
take (Cursor *cursor, void *to, size_t size)
{
  if (cursor->left < size)
    return false;

  memcpy (to, cursor->next, size);
  cursor->next += size;
  cursor->left -= size;
  return true;
}

static char *
take_string (Cursor *cursor)
{
  char *string = cursor->next;
  char *end = cursor->left > 0 ? memchr (string, '\0', cursor->left) : NULL;

  if (end == NULL)
    return NULL;
  cursor->left -= (size_t) (end + 1 - string);
  cursor->next = end + 1;
  return string;
}

static bool
is_absolute (const char *path)
{
  size_t length = strlen (path);

  return path[0] == '/' && strstr (path, "/../") == NULL &&
         (length < 3 || strcmp (path + length - 3, "/..") != 0);
}

static bool
is_complete (const Operation *operation)
{
  switch (operation->kind)
    {
    case KELVIN_OPERATION_ROOT:
    case KELVIN_OPERATION_PROC:
    case KELVIN_OPERATION_PIVOT:
    case KELVIN_OPERATION_LOOPBACK:
      return true;
    case KELVIN_OPERATION_FOLDER:
    case KELVIN_OPERATION_LINK:
    case KELVIN_OPERATION_FILE:
    case KELVIN_OPERATION_MASK:
    case KELVIN_OPERATION_MEMORY:
    case KELVIN_OPERATION_SEAL:
    case KELVIN_OPERATION_WRITE:
      return is_absolute (operation->target);
    case KELVIN_OPERATION_BIND:
    case KELVIN_OPERATION_COPY:
      return is_absolute (operation->source) && is_absolute (operation->target);
    case KELVIN_OPERATION_NETWORK:
    case KELVIN_OPERATION_HOSTNAME:
      return operation->source[0] != '\0';
    case KELVIN_OPERATION_LISTEN:
      return operation->number > 0 && operation->number <= UINT16_MAX;
    case KELVIN_OPERATION_LIMIT:
      return operation->number < RLIM_NLIMITS;
    case KELVIN_N_OPERATIONS:
    default:
      return false;
    }
}

/* On the host's own files there is nothing else to do. */
static bool
is_for_process (const Operation *operation)
{
  return operation->kind == KELVIN_OPERATION_FOLDER || operation->kind == KELVIN_OPERATION_LINK ||
         operation->kind == KELVIN_OPERATION_COPY || operation->kind == KELVIN_OPERATION_LIMIT;
}

static bool
take_operation (Cursor *cursor, Operation *operation)
{
  KelvinOperationHead head;

  if (!take (cursor, &head, sizeof head))
    return false;

  *operation = (Operation){ .kind = head.kind,
                            .flags = head.flags,
                            .mode = head.mode & 07777,
                            .number = head.number,
                            .value = head.value,
                            .source = take_string (cursor),
                            .source_fd = -1 };
  operation->target = take_string (cursor);
  return operation->source != NULL && operation->target != NULL && is_complete (operation);
}

static bool
take_operations (Cursor *cursor, Request *request, uint32_t count)
{
  uint32_t listeners = 0;

  if (count > KELVIN_MOST_OPERATIONS)
    return false;
  for (uint32_t i = 0; i < count; i++)
    {
      if (!take_operation (cursor, &request->operations[i]))
        return false;
      if (request->is_process && !is_for_process (&request->operations[i]))
        return false;
      if (request->operations[i].kind == KELVIN_OPERATION_LISTEN)
        listeners++;
    }
  request->n_operations = count;
  return listeners <= KELVIN_MOST_LISTENERS;
}

static bool
take_strings (Cursor *cursor, char **strings, uint32_t count, uint32_t most)
{
  if (count > most)
    return false;
  for (uint32_t i = 0; i < count; i++)
    {
      strings[i] = take_string (cursor);
      if (strings[i] == NULL)
        return false;
    }
  strings[count] = NULL;
  return true;
}

bool
request_parse (Request *request, char *message, size_t size)
{
  Cursor cursor = { .next = message, .left = size };
  KelvinCreate create;

  if (!take (&cursor, &create, sizeof create) || create.head.type != KELVIN_MESSAGE_CREATE)
    return false;
  if (create.uid == 0 || create.gid == 0 || create.n_arguments == 0)
    return false;
  if (create.memory_bytes == 0 || create.n_processes == 0)
    return false;

  request->message_bytes = size;
  request->id = create.head.id;
  request->uid = create.uid;
  request->gid = create.gid;
  request->has_marks = (create.flags & KELVIN_CREATE_HAS_MARKS) != 0;
  request->shows_network = (create.flags & KELVIN_CREATE_SHOWS_NETWORK) != 0;
  request->is_process = (create.flags & KELVIN_CREATE_PROCESS) != 0;
  request->memory_bytes = create.memory_bytes;
  request->n_processes = create.n_processes;
  if (!take_operations (&cursor, request, create.n_operations))
    return false;
  request->folder = take_string (&cursor);
  return request->folder != NULL &&
         take_strings (&cursor, request->arguments, create.n_arguments, KELVIN_MOST_ARGUMENTS) &&
         take_strings (&cursor, request->variables, create.n_variables, KELVIN_MOST_VARIABLES) &&
         cursor.left == 0;
}
