// SPDX-License-Identifier: LGPL-2.1-or-later

// Where the pages of other namespaces are. What is installed here is never fetched from there:
// links inside the site are relative.
baseURLs = [
    ['GLib', 'https://docs.gtk.org/glib/'],
    ['GObject', 'https://docs.gtk.org/gobject/'],
    ['Gio', 'https://docs.gtk.org/gio/'],
    ['Json', 'https://gnome.pages.gitlab.gnome.org/json-glib/'],
];
