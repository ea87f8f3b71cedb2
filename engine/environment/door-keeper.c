#include "engine/environment/door-keeper.h"

#include <string.h>

/* A door of a function, by whatever version of it. */
typedef struct {
  gboolean has_faults; /* others than those of function.json */
  KelvinDoorFaults faults;
  guint16 to_port;   /* of this machine, in place of where function.json says; 0: as there */
  GPtrArray *places; /* of KelvinDoorPlace, in the order of their opening */
} Door;

struct _KelvinDoorPlace {
  Door *door;
  guint64 environment;
  KelvinDoorLookFunc look;
  gpointer connection;
};

struct _KelvinDoorKeeper {
  GHashTable *doors; /* "FOLDER\nNAME" → Door */
  char *endpoint;
  void (*start_endpoint) (gpointer);
  gpointer start_data;
  guint8 *room;
};

static void
door_free (gpointer data)
{
  Door *door = data;

  g_assert (door->places->len == 0);
  g_ptr_array_unref (door->places);
  g_free (door);
}

KelvinDoorKeeper *
kelvin_door_keeper_new (void)
{
  KelvinDoorKeeper *self = g_new0 (KelvinDoorKeeper, 1);

  self->doors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, door_free);
  return self;
}

void
kelvin_door_keeper_free (KelvinDoorKeeper *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->doors);
  g_free (self->endpoint);
  g_free (self->room);
  g_free (self);
}

static char *
make_key (const char *function_dir, const char *door_name)
{
  return g_strdup_printf ("%s\n%s", function_dir, door_name);
}

static Door *
find_door (KelvinDoorKeeper *self, const char *function_dir, const char *door_name)
{
  g_autofree char *key = make_key (function_dir, door_name);

  return g_hash_table_lookup (self->doors, key);
}

static Door *
need_door (KelvinDoorKeeper *self, const char *function_dir, const char *door_name)
{
  Door *door = find_door (self, function_dir, door_name);

  if (door != NULL)
    return door;
  door = g_new0 (Door, 1);
  door->places = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (self->doors, make_key (function_dir, door_name), door);
  return door;
}

/* --- faults --- */

void
kelvin_door_keeper_set_faults (KelvinDoorKeeper *self, const char *function_dir,
                               const char *door_name, const KelvinDoorFaults *faults)
{
  g_return_if_fail (self != NULL && function_dir != NULL && door_name != NULL);

  Door *door = need_door (self, function_dir, door_name);

  door->has_faults = faults != NULL;
  if (faults != NULL)
    door->faults = *faults;
}

KelvinDoorFaults
kelvin_door_keeper_get_faults (KelvinDoorKeeper *self, const char *function_dir,
                               const KelvinDoor *door)
{
  const Door *known = find_door (self, function_dir, door->name);

  return known != NULL && known->has_faults ? known->faults : door->faults;
}

void
kelvin_door_keeper_set_destination (KelvinDoorKeeper *self, const char *function_dir,
                                    const char *door_name, guint16 port)
{
  g_return_if_fail (self != NULL && function_dir != NULL && door_name != NULL);

  need_door (self, function_dir, door_name)->to_port = port;
}

guint16
kelvin_door_keeper_get_destination (KelvinDoorKeeper *self, const char *function_dir,
                                    const KelvinDoor *door)
{
  const Door *known = find_door (self, function_dir, door->name);

  return known != NULL ? known->to_port : 0;
}

/* --- places --- */

/* Those that look may give their places back, so it is gone through from its end. */
static void
look_again (Door *door)
{
  for (guint i = door->places->len; i > 0; i--)
    {
      KelvinDoorPlace *place = i <= door->places->len ? door->places->pdata[i - 1] : NULL;

      if (place != NULL)
        place->look (place->connection);
    }
}

static guint
count_of (const Door *door, guint64 environment)
{
  guint count = 0;

  for (guint i = 0; i < door->places->len; i++)
    count += ((KelvinDoorPlace *) door->places->pdata[i])->environment == environment;
  return count;
}

/* Is it the first place of its environment? */
static gboolean
is_first (const Door *door, guint index)
{
  const KelvinDoorPlace *place = door->places->pdata[index];

  for (guint i = 0; i < index; i++)
    if (((KelvinDoorPlace *) door->places->pdata[i])->environment == place->environment)
      return FALSE;
  return TRUE;
}

static char *
name_holders (const Door *door)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < door->places->len; i++)
    {
      const KelvinDoorPlace *place = door->places->pdata[i];
      guint count = count_of (door, place->environment);

      if (!is_first (door, i))
        continue;
      g_string_append_printf (text, "%senv %" G_GUINT64_FORMAT, text->len > 0 ? ", " : "",
                              place->environment);
      if (count > 1)
        g_string_append_printf (text, " (%u)", count);
    }
  return g_string_free (text, FALSE);
}

KelvinDoorPlace *
kelvin_door_keeper_take_place (KelvinDoorKeeper *self, const char *function_dir,
                               const KelvinDoor *door, guint64 environment, KelvinDoorLookFunc look,
                               gpointer connection, char **out_holders)
{
  Door *known = need_door (self, function_dir, door->name);
  guint cap = known->has_faults ? known->faults.cap : door->faults.cap;

  /* One that was closed a moment ago may not have been heard of yet. */
  if (cap > 0 && known->places->len >= cap)
    look_again (known);
  if (cap > 0 && known->places->len >= cap)
    {
      *out_holders = name_holders (known);
      return NULL;
    }

  KelvinDoorPlace *place = g_new0 (KelvinDoorPlace, 1);

  place->door = known;
  place->environment = environment;
  place->look = look;
  place->connection = connection;
  g_ptr_array_add (known->places, place);
  return place;
}

void
kelvin_door_keeper_return_place (KelvinDoorKeeper *self, KelvinDoorPlace *place)
{
  if (place != NULL)
    g_ptr_array_remove (place->door->places, place);
}

guint
kelvin_door_keeper_count (KelvinDoorKeeper *self, const char *function_dir, const char *door_name)
{
  const Door *door = find_door (self, function_dir, door_name);

  return door != NULL ? door->places->len : 0;
}

/* --- Kelvin's own endpoint, and room --- */

void
kelvin_door_keeper_set_endpoint (KelvinDoorKeeper *self, const char *address)
{
  g_free (self->endpoint);
  self->endpoint = g_strdup (address);
}

void
kelvin_door_keeper_set_endpoint_func (KelvinDoorKeeper *self, void (*start) (gpointer),
                                      gpointer user_data)
{
  self->start_endpoint = start;
  self->start_data = user_data;
}

const char *
kelvin_door_keeper_get_endpoint (KelvinDoorKeeper *self)
{
  if (self->endpoint == NULL && self->start_endpoint != NULL)
    self->start_endpoint (self->start_data);
  return self->endpoint;
}

guint8 *
kelvin_door_keeper_get_room (KelvinDoorKeeper *self)
{
  if (self->room == NULL)
    self->room = g_malloc (KELVIN_DOOR_ROOM);
  return self->room;
}
