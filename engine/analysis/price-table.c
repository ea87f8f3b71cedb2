#include "engine/analysis/price-table.h"

#include <json-glib/json-glib.h>

#include "engine/analysis/money.h"
#include "engine/analysis/price-table-private.h"
#include "engine/model/json-text.h"

#define DEEPEST 16

G_DEFINE_QUARK (kelvin - price - error - quark, kelvin_price_error)

/* A member of the document, with what an error message needs to name it. */
typedef struct {
  const char *path;  /* of the file */
  const char *field; /* of the object, "" for the document itself */
  JsonObject *object;
} Place;

static void G_GNUC_PRINTF (4, 5)
    set_invalid (GError **error, const Place *place, const char *member, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *right = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, KELVIN_PRICE_ERROR, KELVIN_PRICE_ERROR_INVALID, "%s: field \"%s%s%s\" %s",
               place->path, place->field, *place->field == '\0' ? "" : ".", member, right);
}

static gboolean
read_text (const Place *place, const char *member, char **out_text, GError **error)
{
  JsonNode *node = json_object_get_member (place->object, member);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      set_invalid (error, place, member, "must be there, and be text");
      return FALSE;
    }
  *out_text = json_node_dup_string (node);
  return TRUE;
}

static gboolean
read_price (const Place *place, const char *member, gint64 *out_pico_usd, GError **error)
{
  g_autofree char *text = NULL;

  if (!read_text (place, member, &text, error))
    return FALSE;
  if (kelvin_parse_usd (text, out_pico_usd))
    return TRUE;
  set_invalid (error, place, member,
               "is \"%s\"; right is a number of dollars as text, like \"0.0000002\", with at most "
               "12 digits behind the point",
               text);
  return FALSE;
}

static gboolean
read_count (const Place *place, const char *member, gint64 *out_count, GError **error)
{
  JsonNode *node = json_object_get_member (place->object, member);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64 ||
      json_node_get_int (node) < 0)
    {
      set_invalid (error, place, member, "must be there, and be a whole number of 0 or more");
      return FALSE;
    }
  *out_count = json_node_get_int (node);
  return TRUE;
}

/* Sets *out_object to a borrowed object. */
static gboolean
read_object (const Place *place, const char *member, JsonObject **out_object, GError **error)
{
  JsonNode *node = json_object_get_member (place->object, member);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      set_invalid (error, place, member, "must be there, and be an object");
      return FALSE;
    }
  *out_object = json_node_get_object (node);
  return TRUE;
}

static gboolean
read_tier (const Place *place, gboolean last, KelvinPriceTier *out_tier, GError **error)
{
  if (!read_price (place, "gbSecond", &out_tier->pico_usd_per_gb_s, error))
    return FALSE;
  out_tier->up_to_gb_s = G_MAXINT64;
  return last || read_count (place, "upToGBSeconds", &out_tier->up_to_gb_s, error);
}

static gboolean
read_tiers (const Place *place, GArray *tiers, GError **error)
{
  JsonNode *node = json_object_get_member (place->object, "duration");
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array == NULL ? 0 : json_array_get_length (array);
  gint64 below = 0;

  if (n == 0)
    {
      set_invalid (error, place, "duration", "must be a list of at least one price");
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *field = g_strdup_printf ("%s.duration[%u]", place->field, i);
      JsonNode *element = json_array_get_element (array, i);
      Place tier_place = { place->path, field, NULL };
      KelvinPriceTier tier;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          set_invalid (error, &tier_place, "gbSecond", "must be there");
          return FALSE;
        }
      tier_place.object = json_node_get_object (element);
      if (!read_tier (&tier_place, i == n - 1, &tier, error))
        return FALSE;
      if (tier.up_to_gb_s <= below)
        {
          set_invalid (error, &tier_place, "upToGBSeconds",
                       "must be more than the one before, %" G_GINT64_FORMAT, below);
          return FALSE;
        }
      below = tier.up_to_gb_s;
      g_array_append_val (tiers, tier);
    }
  return TRUE;
}

/* A table may have none. */
static gboolean
read_provisioned (KelvinArchitecturePrices *prices, const Place *parent, GError **error)
{
  g_autofree char *field = g_strdup_printf ("%s.provisionedConcurrency", parent->field);
  Place place = { parent->path, field, NULL };

  prices->provisioned_pico_usd_per_gb_s = -1;
  return !json_object_has_member (parent->object, "provisionedConcurrency") ||
         (read_object (parent, "provisionedConcurrency", &place.object, error) &&
          read_price (&place, "gbSecond", &prices->provisioned_pico_usd_per_gb_s, error));
}

static gboolean
read_architectures (KelvinPriceTable *self, const Place *root, GError **error)
{
  Place parent = { root->path, "architectures", NULL };

  if (!read_object (root, "architectures", &parent.object, error))
    return FALSE;
  for (guint i = 0; i < KELVIN_N_PRICED_ARCHITECTURES; i++)
    {
      KelvinArchitecturePrices *prices = &self->architectures[i];
      g_autofree char *field = g_strdup_printf ("architectures.%s", prices->name);
      Place place = { root->path, field, NULL };

      if (!read_object (&parent, prices->name, &place.object, error) ||
          !read_tiers (&place, prices->tiers, error) || !read_provisioned (prices, &place, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_storage (KelvinPriceTable *self, const Place *root, GError **error)
{
  Place place = { root->path, "ephemeralStorage", NULL };

  return read_object (root, "ephemeralStorage", &place.object, error) &&
         read_count (&place, "freeMB", &self->free_storage_mb, error) &&
         read_price (&place, "gbSecond", &self->storage_pico_usd_per_gb_s, error);
}

static gboolean
read_free_tier (KelvinPriceTable *self, const Place *root, GError **error)
{
  Place place = { root->path, "freeTier", NULL };

  return read_object (root, "freeTier", &place.object, error) &&
         read_count (&place, "requests", &self->free_requests, error) &&
         read_count (&place, "gbSeconds", &self->free_gb_s, error);
}

static gboolean
read_table (KelvinPriceTable *self, const Place *root, GError **error)
{
  return read_text (root, "date", &self->date, error) &&
         read_text (root, "region", &self->region, error) &&
         read_price (root, "request", &self->pico_usd_per_request, error) &&
         read_storage (self, root, error) && read_free_tier (self, root, error) &&
         read_architectures (self, root, error);
}

static KelvinPriceTable *
price_table_new (void)
{
  static const char *const names[] = { "x86_64", "arm64" };
  KelvinPriceTable *self = g_new0 (KelvinPriceTable, 1);

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == KELVIN_N_PRICED_ARCHITECTURES);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      self->architectures[i].name = names[i];
      self->architectures[i].tiers = g_array_new (FALSE, FALSE, sizeof (KelvinPriceTier));
    }
  return self;
}

static JsonNode *
parse_document (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  g_autoptr (JsonNode) node = kelvin_json_parse (text, length, DEEPEST, error);
  if (node == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    return g_steal_pointer (&node);
  g_set_error (error, KELVIN_PRICE_ERROR, KELVIN_PRICE_ERROR_INVALID,
               "%s: a price table is one JSON object", path);
  return NULL;
}

KelvinPriceTable *
kelvin_price_table_load (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  g_autoptr (KelvinPriceTable) self = price_table_new ();
  g_autoptr (JsonNode) node = parse_document (path, error);

  if (node == NULL)
    return NULL;
  const Place root = { path, "", json_node_get_object (node) };
  return read_table (self, &root, error) ? g_steal_pointer (&self) : NULL;
}

void
kelvin_price_table_free (KelvinPriceTable *self)
{
  for (guint i = 0; i < KELVIN_N_PRICED_ARCHITECTURES; i++)
    g_array_unref (self->architectures[i].tiers);
  g_free (self->date);
  g_free (self->region);
  g_free (self);
}

const char *
kelvin_price_table_get_date (KelvinPriceTable *self)
{
  return self->date;
}

const char *
kelvin_price_table_get_region (KelvinPriceTable *self)
{
  return self->region;
}

const KelvinArchitecturePrices *
kelvin_price_table_get_prices (KelvinPriceTable *self, const char *architecture)
{
  for (guint i = 0; i < KELVIN_N_PRICED_ARCHITECTURES; i++)
    {
      if (g_strcmp0 (self->architectures[i].name, architecture) == 0)
        return &self->architectures[i];
    }
  return &self->architectures[0];
}
