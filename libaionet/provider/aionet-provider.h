/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#if !defined(AIONET_INSIDE) && !defined(AIONET_COMPILATION)
#error "Only <aionet.h> can be included directly."
#endif

#include <gio/gio.h>

#include <aionet-version.h>

G_BEGIN_DECLS

#define AIONET_TYPE_PROVIDER (aionet_provider_get_type ())

AIONET_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (AionetProvider, aionet_provider, AIONET, PROVIDER, GObject)

/**
 * AionetProviderClass:
 * @parent_class: the parent class
 * @is_supported: tells whether the provider works on this host; called once before first use.
 *   FALSE with @error set says why not
 *
 * What every provider has. Kinds of providers derive from this class.
 *
 * Since: 0.1
 */
/**
 * AionetProviderClass::is_supported:
 * @self: a provider
 * @error: return location for an error
 *
 * Tells whether the provider works on this host. Called once, before first use, in the thread that
 * is about to use it. Without an implementation it does.
 *
 * Errors: any; the provider is passed over for the next one, and the message becomes
 * [property@PluginInfo:reason].
 *
 * Returns: %TRUE if it works, %FALSE with @error set
 *
 * Since: 0.1
 */
struct _AionetProviderClass
{
  GObjectClass parent_class;

  gboolean (*is_supported) (AionetProvider *self, GError **error);

  /*< private >*/
  gpointer padding[8];
};

AIONET_AVAILABLE_IN_0_1
const char *aionet_provider_get_name (AionetProvider *self);
AIONET_AVAILABLE_IN_0_1
guint aionet_provider_get_n_late_answers (AionetProvider *self);
AIONET_AVAILABLE_IN_0_1
gboolean aionet_provider_is_supported (AionetProvider *self, GError **error);

G_END_DECLS
