/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

#include "value/aionet-json-private.h"
#include "value/aionet-quote-private.h"

#include <string.h>

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = _aionet_json_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

static void
assert_refused (const char *text, gssize length, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = _aionet_json_parse (text, length, &error);
  g_autofree char *quoted = _aionet_quote (text);

  g_test_message ("%s", quoted);
  g_assert_null (node);
  g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_documents (void)
{
  static const struct
  {
    const char *text;
    const char *printed;
  } rows[] = {
    { "{}", "{}" },
    { " \t\r\n[ ] \n", "[]" },
    { "{\"a\":{\"b\":[1,2,{}]}}", "{\"a\":{\"b\":[1,2,{}]}}" },
    { "[true,false,null]", "[true,false,null]" },
    { "null", "null" },
    { "\"text\"", "\"text\"" },
    { "0", "0" },
    { "-1", "-1" },
    { "[0,-1,9223372036854775807,-9223372036854775808]",
      "[0,-1,9223372036854775807,-9223372036854775808]" },
    { "[0.5,-0.25,1E2,1e+2,25e-2]", "[0.5,-0.25,100.0,100.0,0.25]" },
    { "[1e20,1e-10,\"1e20.0\",true]", "[1e+20,1e-10,\"1e20.0\",true]" },
    { "[\"e1.0 \\\" 1e5.0\",1e22,\"\\\\\",1e21]", "[\"e1.0 \\\" 1e5.0\",1e+22,\"\\\\\",1e+21]" },
    { "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\"\\\\/\\b\\f\\n\\r\\t\"]" },
    { "[\"\\u0001\\u001e\\u001f\\u007f\",\"\\\\\",1]",
      "[\"\\u0001\\u001e\\u001f\\u007f\",\"\\\\\",1]" },
    { "[\"\\u00fc\\uD83D\\ude00\"]", "[\"ü😀\"]" },
    { "[\"// no comment /* here */ ' { [\"]", "[\"// no comment /* here */ ' { [\"]" },
    { "{\"\":1,\" \":2}", "{\"\":1,\" \":2}" },
    { "{\"a\":{\"a\":1},\"b\":{\"a\":2}}", "{\"a\":{\"a\":1},\"b\":{\"a\":2}}" },
  };

  g_test_summary ("What RFC 8259 allows is read and written again");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = parse (rows[i].text);
      g_autofree char *printed = _aionet_json_to_string (node, FALSE);
      g_autofree char *pretty = _aionet_json_to_string (node, TRUE);
      g_autoptr (JsonNode) again = parse (printed);
      g_autoptr (JsonNode) pretty_again = parse (pretty);

      g_assert_cmpstr (printed, ==, rows[i].printed);
      g_assert_true (json_node_equal (node, again));
      g_assert_true (json_node_equal (node, pretty_again));
    }
}

static void
test_documents_invalid (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } rows[] = {
    { "", "line 1, column 1: the document ends here" },
    { "  \n ", "line 2, column 2: the document ends here" },
    { "{", "expected a string" },
    { "[", "the document ends here" },
    { "[1,2", "expected a comma or the end of the array" },
    { "{\"a\"", "expected a colon" },
    { "{\"a\":", "the document ends here" },
    { "{\"a\":1", "expected a comma or the end of the object" },
    { "[1,]", "column 4: expected a value" },
    { "[,1]", "expected a value" },
    { "[1 2]", "expected a comma" },
    { "{\"a\":1,}", "expected a string" },
    { "{\"a\" 1}", "expected a colon" },
    { "{a:1}", "expected a string" },
    { "{'a':1}", "expected a string" },
    { "['a']", "expected a value" },
    { "[1]]", "something follows" },
    { "{} {}", "something follows" },
    { "{}x", "something follows" },
    { "nullx", "something follows" },
    { "// comment\n{}", "expected a value" },
    { "{} // comment", "something follows" },
    { "{/* comment */}", "expected a string" },
    { "# comment\n{}", "expected a value" },
    { "var x = {};", "expected a value" },
    { "x = {}", "expected a value" },
    { "[NaN]", "expected a value" },
    { "[Infinity]", "expected a value" },
    { "[-Infinity]", "expected a digit" },
    { "[undefined]", "expected a value" },
    { "[True]", "expected a value" },
    { "[+1]", "expected a value" },
    { "[01]", "must not begin with a zero" },
    { "[-01]", "must not begin with a zero" },
    { "[0x10]", "expected a comma" },
    { "[.5]", "expected a value" },
    { "[5.]", "expected a digit" },
    { "[1e]", "expected a digit" },
    { "[1e+]", "expected a digit" },
    { "[-]", "expected a digit" },
    { "[9223372036854775808]", "too large" },
    { "[-9223372036854775809]", "too large" },
    { "[1e400]", "too large" },
    { "[\"a]", "has no end" },
    { "[\"a\\", "no such escape" },
    { "[\"\\x41\"]", "no such escape" },
    { "[\"\\'\"]", "no such escape" },
    { "[\"\\u12g4\"]", "four hexadecimal digits" },
    { "[\"\\u12", "four hexadecimal digits" },
    { "[\"a\nb\"]", "control character" },
    { "[\"a\tb\"]", "control character" },
    { "[\"\\u0000\"]", "\\u0000" },
    { "[\"\\ud800\"]", "high surrogate" },
    { "[\"\\ud800x\"]", "high surrogate" },
    { "[\"\\ud800\\u0041\"]", "high surrogate" },
    { "[\"\\ud800\\ud800\"]", "high surrogate" },
    { "[\"\\udc00\"]", "low surrogate" },
    { "[\"\\udc00\\udc00\"]", "low surrogate" },
    { "[\"\xff\"]", "not UTF-8" },
    { "[\"\xc0\x80\"]", "not UTF-8" },
    { "[\"\xed\xa0\x80\"]", "not UTF-8" },
    { "\xef\xbb\xbf{}", "expected a value" },
    { "\f{}", "expected a value" },
    { "[1]\v", "something follows" },
    { "{\"a\":1,\"a\":2}", "member “a” is there twice" },
    { "{\"a\":1,\"\\u0061\":2}", "member “a” is there twice" },
    { "[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]", "member “a” is there twice" },
  };

  g_test_summary ("Everything else is refused, with the place");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i].text, -1, rows[i].message);
  assert_refused ("[1]\0", 4, "not UTF-8");
  assert_refused ("[1,2]", 3, "the document ends here");
}

static void
test_depth (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *objects = NULL;
  g_autofree char *brackets = NULL;
  g_autoptr (GString) limit = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;

  g_test_summary ("Depth is counted before a tree is made, and not inside strings");

  for (guint i = 0; i < AIONET_JSON_MAX_DEPTH; i++)
    g_string_append (limit, i % 2 == 0 ? "[" : "{\"a\":");
  for (guint i = AIONET_JSON_MAX_DEPTH; i > 0; i--)
    g_string_append (limit, i % 2 == 1 ? "]" : "}");
  /* The innermost object needs a value. */
  g_string_insert (limit, limit->len - AIONET_JSON_MAX_DEPTH, "\"[[[[{{{{\"");
  node = parse (limit->str);
  g_string_prepend_c (limit, '[');
  g_string_append_c (limit, ']');

  assert_refused (limit->str, -1, "too deep");
  assert_refused (deep, -1, "too deep");
  brackets = g_strnfill (1000, '[');
  objects = g_strdup_printf ("[\"%s\"]", brackets);
  g_clear_pointer (&node, json_node_unref);
  node = parse (objects);
}

static void
test_size (void)
{
  g_autofree char *text = g_strnfill (AIONET_JSON_MAX_BYTES + 1, ' ');
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_test_summary ("16 MiB are read, a byte more is not");

  text[0] = '[';
  text[1] = ']';
  assert_refused (text, -1, "larger than 16777216 bytes");
  assert_refused (text, AIONET_JSON_MAX_BYTES + 1, "larger than 16777216 bytes");
  node = _aionet_json_parse (text, AIONET_JSON_MAX_BYTES, &error);
  g_assert_no_error (error);
  g_assert_nonnull (node);
}

static void
test_pretty (void)
{
  g_autoptr (JsonNode) node =
      parse ("{\"nat\":{\"type\":5},\"rp\":{\"23\":[]},\"odd \\\" :\":\" : \"}");
  g_autofree char *pretty = _aionet_json_to_string (node, TRUE);

  g_test_summary ("Indented by four, no blank before colons, as in the guide");

  g_assert_true (g_str_has_prefix (pretty, "{\n    \"nat\": {\n        \"type\": 5\n"));
  g_assert_nonnull (strstr (pretty, "\n    \"odd \\\" :\": \" : \"\n"));
}

static void
test_members (void)
{
  g_autoptr (JsonNode) node =
      parse ("{\"s\":\"text\",\"i\":7,\"d\":0.5,\"b\":true,\"o\":{\"x\":1},\"a\":[1],\"n\":null}");
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GError) error = NULL;
  const char *text = NULL;
  gint64      integer = 0;
  double      number = 0;
  gboolean    boolean = FALSE;
  JsonObject *child = NULL;
  JsonArray  *array = NULL;

  g_test_summary ("Members of the right type are read");

  g_assert_true (_aionet_json_read_string (object, "s", &text, &error));
  g_assert_cmpstr (text, ==, "text");
  g_assert_true (_aionet_json_read_int (object, "i", 7, 7, &integer, &error));
  g_assert_cmpint (integer, ==, 7);
  g_assert_true (_aionet_json_read_double (object, "d", 0, 1, &number, &error));
  g_assert_cmpfloat (number, ==, 0.5);
  g_assert_true (_aionet_json_read_double (object, "i", 0, 10, &number, &error));
  g_assert_cmpfloat (number, ==, 7);
  g_assert_true (_aionet_json_read_boolean (object, "b", &boolean, &error));
  g_assert_true (boolean);
  g_assert_true (_aionet_json_read_object (object, "o", &child, &error));
  g_assert_cmpint (json_object_get_int_member (child, "x"), ==, 1);
  g_assert_true (_aionet_json_read_array (object, "a", &array, &error));
  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  g_assert_no_error (error);
}

static void
test_members_absent (void)
{
  g_autoptr (JsonNode) node = parse ("{\"null\":null}");
  JsonObject *object = json_node_get_object (node);

  g_test_summary ("Absent and null members leave the default alone");

  for (guint i = 0; i < 2; i++)
    {
      const char *member = i == 0 ? "null" : "absent";
      g_autoptr (GError) error = NULL;
      const char *text = "default";
      gint64      integer = 3;
      double      number = 0.25;
      gboolean    boolean = TRUE;
      JsonObject *child = object;
      JsonArray  *array = NULL;

      g_assert_true (_aionet_json_read_string (object, member, &text, &error));
      g_assert_cmpstr (text, ==, "default");
      g_assert_true (_aionet_json_read_int (object, member, 100, 200, &integer, &error));
      g_assert_cmpint (integer, ==, 3);
      g_assert_true (_aionet_json_read_double (object, member, 100, 200, &number, &error));
      g_assert_cmpfloat (number, ==, 0.25);
      g_assert_true (_aionet_json_read_boolean (object, member, &boolean, &error));
      g_assert_true (boolean);
      g_assert_true (_aionet_json_read_object (object, member, &child, &error));
      g_assert_true (child == object);
      g_assert_true (_aionet_json_read_array (object, member, &array, &error));
      g_assert_null (array);
      g_assert_no_error (error);
    }
}

/* Every reader on every value that is not for it. */
static void
test_members_invalid (void)
{
  static const struct
  {
    char        reader;
    const char *values[6];
  } rows[] = {
    { 's', { "1", "0.5", "true", "{}", "[]" } },
    { 'i', { "\"1\"", "0.5", "true", "{}", "[]", "11" } },
    { 'd', { "\"1\"", "11.5", "true", "{}", "[]", "-1" } },
    { 'b', { "1", "0", "\"true\"", "{}", "[]" } },
    { 'o', { "1", "\"\"", "true", "0.5", "[]" } },
    { 'a', { "1", "\"\"", "true", "0.5", "{}" } },
  };

  g_test_summary ("Members of another type or out of bounds are named in the error");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = 0; j < 6 && rows[i].values[j] != NULL; j++)
      {
        g_autofree char *text = g_strdup_printf ("{\"member\":%s}", rows[i].values[j]);
        g_autoptr (JsonNode) node = parse (text);
        JsonObject *object = json_node_get_object (node);
        g_autoptr (GError) error = NULL;
        const char *string = NULL;
        gint64      integer = 0;
        double      number = 0;
        gboolean    boolean = FALSE;
        JsonObject *child = NULL;
        JsonArray  *array = NULL;
        gboolean    is_read = TRUE;

        if (rows[i].reader == 's')
          is_read = _aionet_json_read_string (object, "member", &string, &error);
        else if (rows[i].reader == 'i')
          is_read = _aionet_json_read_int (object, "member", 0, 10, &integer, &error);
        else if (rows[i].reader == 'd')
          is_read = _aionet_json_read_double (object, "member", 0, 10, &number, &error);
        else if (rows[i].reader == 'b')
          is_read = _aionet_json_read_boolean (object, "member", &boolean, &error);
        else if (rows[i].reader == 'o')
          is_read = _aionet_json_read_object (object, "member", &child, &error);
        else
          is_read = _aionet_json_read_array (object, "member", &array, &error);
        g_test_message ("%c %s", rows[i].reader, text);
        g_assert_false (is_read);
        g_assert_error (error, AIONET_ERROR, AIONET_ERROR_INVALID_JSON);
        g_assert_nonnull (strstr (error->message, "“member”"));
        g_assert_true (string == NULL && integer == 0 && number == 0 && !boolean && child == NULL &&
                       array == NULL);
      }
}

static void
test_family (void)
{
  g_test_summary ("AF numbers of every platform");

  g_assert_cmpint (_aionet_json_family_from_number (2), ==, G_SOCKET_FAMILY_IPV4);
  g_assert_cmpint (_aionet_json_family_from_number (10), ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpint (_aionet_json_family_from_number (23), ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpint (_aionet_json_family_from_number (24), ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpint (_aionet_json_family_from_number (28), ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpint (_aionet_json_family_from_number (30), ==, G_SOCKET_FAMILY_IPV6);
  g_assert_cmpint (_aionet_json_family_from_number (0), ==, G_SOCKET_FAMILY_INVALID);
  g_assert_cmpint (_aionet_json_family_from_number (1), ==, G_SOCKET_FAMILY_INVALID);
  g_assert_cmpint (_aionet_json_family_from_number (99), ==, G_SOCKET_FAMILY_INVALID);
  g_assert_cmpint (_aionet_json_family_from_number (-2), ==, G_SOCKET_FAMILY_INVALID);
  g_assert_cmpint (_aionet_json_family_from_number (G_GINT64_CONSTANT (0x100000002)), ==,
                   G_SOCKET_FAMILY_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/json/documents", test_documents);
  g_test_add_func ("/aionet/json/documents-invalid", test_documents_invalid);
  g_test_add_func ("/aionet/json/depth", test_depth);
  g_test_add_func ("/aionet/json/size", test_size);
  g_test_add_func ("/aionet/json/pretty", test_pretty);
  g_test_add_func ("/aionet/json/members", test_members);
  g_test_add_func ("/aionet/json/members-absent", test_members_absent);
  g_test_add_func ("/aionet/json/members-invalid", test_members_invalid);
  g_test_add_func ("/aionet/json/family", test_family);
  return g_test_run ();
}
