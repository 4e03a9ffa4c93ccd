/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "provider/aionet-provider.h"
#include "provider/aionet-provider-private.h"

#include "value/aionet-error.h"

/**
 * AionetProvider:
 *
 * What a plugin provides. Kinds of providers derive from this class: [class@AddressBackend] and
 * [class@StunProvider]; plugins, and programs in any language, derive from the kinds and bring
 * their types to a [class@Registry].
 *
 * The core hands each question to a provider as a [class@Request] and owns its deadline and
 * cancellation: a provider that fails, forgets or hangs costs its own request and nothing else.
 *
 * A provider is used from the thread that made it. Only what is documented so on [class@Request]
 * may be called from others.
 *
 * Since: 0.1
 */
typedef struct
{
  char *name;           /* (owned) (nullable) */
  int  *n_late_answers; /* (owned) (atomic): a reference-counted box */
} AionetProviderPrivate;

typedef enum
{
  PROP_NAME = 1,
} AionetProviderProperty;

static GParamSpec *props[PROP_NAME + 1];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AionetProvider, aionet_provider, G_TYPE_OBJECT)

static GQuark
provider_kind_quark (void)
{
  return g_quark_from_static_string ("aionet-provider-kind");
}

static void
aionet_provider_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((AionetProviderProperty) id)
    {
    case PROP_NAME:
      g_value_set_string (value, aionet_provider_get_name (AIONET_PROVIDER (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_provider_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch ((AionetProviderProperty) id)
    {
    case PROP_NAME:
      _aionet_provider_set_name (AIONET_PROVIDER (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
aionet_provider_finalize (GObject *object)
{
  AionetProviderPrivate *priv = aionet_provider_get_instance_private (AIONET_PROVIDER (object));

  g_clear_pointer (&priv->name, g_free);
  g_clear_pointer (&priv->n_late_answers, g_atomic_rc_box_release);

  G_OBJECT_CLASS (aionet_provider_parent_class)->finalize (object);
}

static void
aionet_provider_class_init (AionetProviderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = aionet_provider_get_property;
  object_class->set_property = aionet_provider_set_property;
  object_class->finalize = aionet_provider_finalize;

  /**
   * AionetProvider:name: (getter get_name)
   *
   * Short name of the provider, as the registry knows it; its type's name if it has no other.
   *
   * Since: 0.1
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                              G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
aionet_provider_init (AionetProvider *self)
{
  AionetProviderPrivate *priv = aionet_provider_get_instance_private (self);

  priv->n_late_answers = g_atomic_rc_box_new0 (int);
}

void
_aionet_provider_kind_register (GType type, const AionetProviderKind *kind)
{
  g_type_set_qdata (type, provider_kind_quark (), (gpointer) kind);
}

GType
_aionet_provider_type_get_kind (GType type, const AionetProviderKind **kind)
{
  for (; type != G_TYPE_INVALID; type = g_type_parent (type))
    {
      const AionetProviderKind *found = g_type_get_qdata (type, provider_kind_quark ());

      if (found != NULL && kind != NULL)
        *kind = found;
      if (found != NULL)
        return type;
    }
  return G_TYPE_INVALID;
}

void
_aionet_provider_set_name (AionetProvider *self, const char *name)
{
  AionetProviderPrivate *priv = aionet_provider_get_instance_private (self);

  g_free (priv->name);
  priv->name = g_strdup (name);
}

int *
_aionet_provider_dup_late_counter (AionetProvider *self)
{
  AionetProviderPrivate *priv = aionet_provider_get_instance_private (self);

  return g_atomic_rc_box_acquire (priv->n_late_answers);
}

/**
 * aionet_provider_get_name: (get-property name)
 * @self: a provider
 *
 * Gets the short name of the provider, as the registry knows it; its type's name if it has no
 * other.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
aionet_provider_get_name (AionetProvider *self)
{
  AionetProviderPrivate *priv = aionet_provider_get_instance_private (self);

  g_return_val_if_fail (AIONET_IS_PROVIDER (self), NULL);

  return priv->name != NULL ? priv->name : G_OBJECT_TYPE_NAME (self);
}

/**
 * aionet_provider_get_n_late_answers:
 * @self: a provider
 *
 * Gets how many answers of the provider came after their request had ended. They are ignored. Some
 * are natural when requests are cancelled or time out; more tell of a provider that answers twice.
 *
 * May be called from any thread.
 *
 * Returns: the number of answers
 *
 * Since: 0.1
 */
guint
aionet_provider_get_n_late_answers (AionetProvider *self)
{
  AionetProviderPrivate *priv = aionet_provider_get_instance_private (self);

  g_return_val_if_fail (AIONET_IS_PROVIDER (self), 0);

  return (guint) g_atomic_int_get (priv->n_late_answers);
}

/**
 * aionet_provider_is_supported: (virtual is_supported)
 * @self: a provider
 * @error: return location for an error
 *
 * Tells whether the provider works on this host. A provider that does not say is taken to work.
 *
 * Errors: what the provider says, or `AIONET_ERROR_PROVIDER_MISBEHAVED` if it refuses without a
 * reason.
 *
 * Returns: %TRUE if it works; %FALSE with @error set if not
 *
 * Since: 0.1
 */
gboolean
aionet_provider_is_supported (AionetProvider *self, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gboolean supported;

  g_return_val_if_fail (AIONET_IS_PROVIDER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (AIONET_PROVIDER_GET_CLASS (self)->is_supported == NULL)
    return TRUE;
  supported = AIONET_PROVIDER_GET_CLASS (self)->is_supported (self, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  /* An exception in Python arrives exactly so. */
  if (!supported)
    g_set_error (error, AIONET_ERROR, AIONET_ERROR_PROVIDER_MISBEHAVED,
                 "Provider “%s” refuses to work and gives no reason",
                 aionet_provider_get_name (self));
  return supported;
}
