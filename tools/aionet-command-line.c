/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include "aionet-command-line.h"

#include "aionet-help.h"
#include "aionet-output.h"
#include "aionet-suggest.h"

#include <string.h>

static const LineObserver *observer = NULL;

void
_line_set_observer (const LineObserver *new_observer)
{
  observer = new_observer;
}

const LineObserver *
_line_get_observer (void)
{
  return observer;
}

static void
section_free (LineSection *self)
{
  g_array_unref (self->entries);
  g_free (self);
}

CommandLine *
_line_new (const char *program, const char *parameters, const char *summary)
{
  CommandLine *self = g_new0 (CommandLine, 1);

  self->program = program;
  self->parameters = parameters;
  self->summary = summary;
  self->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) section_free);
  return self;
}

void
_line_free (CommandLine *self)
{
  g_ptr_array_unref (self->sections);
  g_free (self->colour);
  g_free (self);
}

static LineSection *
find_section (CommandLine *self, const char *title)
{
  LineSection *section;

  for (guint i = 0; i < self->sections->len; i++)
    {
      section = self->sections->pdata[i];
      if (g_str_equal (section->title, title))
        return section;
    }
  section = g_new0 (LineSection, 1);
  section->title = title;
  section->entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_ptr_array_add (self->sections, section);
  return section;
}

void
_line_add (CommandLine *self, const char *title, const GOptionEntry *entries)
{
  LineSection *section = find_section (self, title);

  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      g_assert (entry->arg == G_OPTION_ARG_NONE || entry->arg_description != NULL);
      g_array_append_vals (section->entries, entry, 1);
    }
}

void
_line_add_hidden (CommandLine        *self,
                  const char         *title,
                  const GOptionEntry *entries,
                  const char         *option,
                  const char         *about)
{
  LineSection *section = find_section (self, title);

  _line_add (self, title, entries);
  section->option = option;
  section->about = about;
}

static void
add_common (CommandLine *self)
{
  const GOptionEntry common[] = {
    { "color", 0, 0, G_OPTION_ARG_STRING, &self->colour,
      "colours: auto has them on a terminal only, and heeds NO_COLOR (auto)", "auto|always|never" },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &self->help, "show this help", NULL },
    { NULL },
  };

  for (guint i = 0; i < self->sections->len; i++)
    {
      LineSection       *section = self->sections->pdata[i];
      const GOptionEntry more[] = {
        { section->option, 0, 0, G_OPTION_ARG_NONE, &section->is_asked, section->about, NULL },
        { NULL },
      };

      _line_add (self, "Common options", more);
    }
  _line_add (self, "Common options", common);
}

static GOptionContext *
make_context (const CommandLine *self)
{
  GOptionContext *context = g_option_context_new (NULL);

  /* Help is the tool's own: grouped, as wide as the terminal, with examples. */
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, self->is_strict);
  for (guint i = 0; i < self->sections->len; i++)
    {
      const LineSection *section = self->sections->pdata[i];

      g_option_context_add_main_entries (context,
                                         &g_array_index (section->entries, GOptionEntry, 0), NULL);
    }
  return context;
}

/* ------------------------------------------------------------------ what is wrong */

static gboolean
has_option (const CommandLine *self, const char *name)
{
  for (guint i = 0; i < self->sections->len; i++)
    {
      const LineSection *section = self->sections->pdata[i];

      for (guint j = 0; j < section->entries->len; j++)
        if (g_str_equal (g_array_index (section->entries, GOptionEntry, j).long_name, name))
          return TRUE;
    }
  return FALSE;
}

/* The option that is meant by one of words, "--jsno=x", which is none. */
static char *
find_meant (const CommandLine *self, char **words)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < self->sections->len; i++)
    {
      const LineSection *section = self->sections->pdata[i];

      for (guint j = 0; j < section->entries->len; j++)
        g_ptr_array_add (names,
                         (char *) g_array_index (section->entries, GOptionEntry, j).long_name);
    }
  g_ptr_array_add (names, NULL);
  for (char **word = words; *word != NULL && !g_str_equal (*word, "--"); word++)
    {
      g_autofree char *name =
          g_str_has_prefix (*word, "--") ? g_strndup (*word + 2, strcspn (*word + 2, "=")) : NULL;

      if (name != NULL && !has_option (self, name))
        return g_strdup (_suggest_nearest (name, (const char *const *) names->pdata));
    }
  return NULL;
}

static int
tell_fault (const CommandLine *self, char **words, const GError *error)
{
  g_autofree char *meant = NULL;

  if (g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    meant = find_meant (self, words);
  if (meant != NULL)
    return _cmd_misuse (self->program, "%s; did you mean --%s?", error->message, meant);
  return _cmd_misuse (self->program, "%s", error->message);
}

/* ------------------------------------------------------------------ parsing */

static const LineSection *
find_asked (const CommandLine *self)
{
  for (guint i = 0; i < self->sections->len; i++)
    {
      const LineSection *section = self->sections->pdata[i];

      if (section->is_asked)
        return section;
    }
  return NULL;
}

gboolean
_line_parse (CommandLine *self, int *argc, char ***argv, int *status)
{
  g_autoptr (GOptionContext) context = NULL;
  g_auto (GStrv) words = g_strdupv (*argv);
  g_autoptr (GError) error = NULL;

  add_common (self);
  *status = EXIT_DONE;
  if (observer != NULL)
    {
      observer->see_line (self, *argc, *argv);
      return FALSE;
    }
  g_set_prgname (self->program);
  context = make_context (self);
  if (!g_option_context_parse (context, argc, argv, &error))
    *status = tell_fault (self, words, error);
  else if (self->colour != NULL && !_output_set_colour (self->colour))
    *status =
        _cmd_misuse (self->program, "--color is auto, always or never, not “%s”", self->colour);
  else if (self->help || find_asked (self) != NULL)
    _help_print_line (self, find_asked (self));
  else
    return TRUE;
  return FALSE;
}
