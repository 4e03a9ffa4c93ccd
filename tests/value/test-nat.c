/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "config.h"

#include <aionet.h>

/* The tables of the guide, word for word (case D-10). */

static void
test_type_labels (void)
{
  static const char *const labels[] = {
    "open internet (no NAT)",
    "possible firewall (no NAT)",
    "full cone",
    "restrict reuse",
    "restrict port",
    "symmetric",
    "unknown (all responses blocked)",
  };

  g_test_summary ("Types 1 to 7 have the labels of the guide, other numbers none");

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (AionetNat) nat = aionet_nat_new (i + 1, AIONET_DELTA_TYPE_EQUAL, 0);

      g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, i + 1);
      g_assert_cmpstr (aionet_nat_get_info (nat), ==, labels[i]);
      g_assert_cmpstr (aionet_nat_type_get_label (i + 1), ==, labels[i]);
    }
  g_assert_null (aionet_nat_type_get_label (0));
  g_assert_null (aionet_nat_type_get_label (8));
  g_assert_cmpint (AIONET_NAT_TYPE_OPEN, ==, 1);
  g_assert_cmpint (AIONET_NAT_TYPE_FIREWALL, ==, 2);
  g_assert_cmpint (AIONET_NAT_TYPE_FULL_CONE, ==, 3);
  g_assert_cmpint (AIONET_NAT_TYPE_RESTRICTED, ==, 4);
  g_assert_cmpint (AIONET_NAT_TYPE_PORT_RESTRICTED, ==, 5);
  g_assert_cmpint (AIONET_NAT_TYPE_SYMMETRIC, ==, 6);
  g_assert_cmpint (AIONET_NAT_TYPE_BLOCKED, ==, 7);
}

static void
test_delta_labels (void)
{
  static const char *const labels[] = {
    "not applicable",
    "equal delta (local port == mapped port)",
    "preserving delta ((local port + dist) == (mapped_start + dist))",
    "independent delta (rand port == (last_mapped += delta))",
    "dependent delta ((local port += [1 to delta]) == (last_mapped += [1 to delta]))",
    "random delta (local port == rand port)",
  };

  g_test_summary ("Deltas 1 to 6 have the labels of the guide, other numbers none");

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (AionetNat) nat = aionet_nat_new (AIONET_NAT_TYPE_FULL_CONE, i + 1, -3);

      g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, i + 1);
      g_assert_cmpint (aionet_nat_get_delta_value (nat), ==, -3);
      g_assert_cmpstr (aionet_nat_get_delta_info (nat), ==, labels[i]);
      g_assert_cmpstr (aionet_delta_type_get_label (i + 1), ==, labels[i]);
    }
  g_assert_null (aionet_delta_type_get_label (0));
  g_assert_null (aionet_delta_type_get_label (7));
  g_assert_cmpint (AIONET_DELTA_TYPE_NOT_APPLICABLE, ==, 1);
  g_assert_cmpint (AIONET_DELTA_TYPE_EQUAL, ==, 2);
  g_assert_cmpint (AIONET_DELTA_TYPE_PRESERVING, ==, 3);
  g_assert_cmpint (AIONET_DELTA_TYPE_INDEPENDENT, ==, 4);
  g_assert_cmpint (AIONET_DELTA_TYPE_DEPENDENT, ==, 5);
  g_assert_cmpint (AIONET_DELTA_TYPE_RANDOM, ==, 6);
}

static void
test_untested (void)
{
  g_autoptr (AionetNat) nat = aionet_nat_new_untested ();
  g_autoptr (AionetNat) bare = g_object_new (AIONET_TYPE_NAT, NULL);

  g_test_summary ("Before any test: 5, 6, 0, and it says so (case D-11)");

  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, 5);
  g_assert_cmpint (aionet_nat_get_delta_type (nat), ==, 6);
  g_assert_cmpint (aionet_nat_get_delta_value (nat), ==, 0);
  g_assert_cmpint (aionet_nat_get_mapping (nat), ==, AIONET_NAT_BEHAVIOR_UNKNOWN);
  g_assert_cmpint (aionet_nat_get_filtering (nat), ==, AIONET_NAT_BEHAVIOR_UNKNOWN);
  g_assert_cmpint (aionet_nat_get_hairpinning (nat), ==, AIONET_NAT_HAIRPINNING_UNKNOWN);
  g_assert_cmpfloat (aionet_nat_get_confidence (nat), ==, 0);
  g_assert_false (aionet_nat_get_tested (nat));
  g_assert_cmpint (aionet_nat_get_protocol (nat), ==, G_SOCKET_PROTOCOL_UNKNOWN);
  g_assert_cmpuint (g_strv_length ((char **) aionet_nat_get_reasons (nat)), ==, 0);
  g_assert_cmpstr (aionet_nat_get_info (nat), ==, "restrict port");
  g_assert_cmpstr (aionet_nat_get_delta_info (nat), ==, "random delta (local port == rand port)");
  g_assert_true (aionet_nat_equal (nat, bare));
}

static void
test_properties (void)
{
  static const char *const sentences[] = { "Seen", "Not seen", NULL };

  g_autoptr (AionetNat) nat = g_object_new (
      AIONET_TYPE_NAT, "type", AIONET_NAT_TYPE_SYMMETRIC, "delta-type", AIONET_DELTA_TYPE_DEPENDENT,
      "delta-value", 20, "mapping", AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT, "filtering",
      AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT, "hairpinning", AIONET_NAT_HAIRPINNING_YES,
      "confidence", 0.75, "tested", TRUE, "protocol", G_SOCKET_PROTOCOL_TCP, "reasons", sentences,
      NULL);
  g_auto (GStrv) reasons = NULL;
  GSocketProtocol      protocol;
  AionetNatType        type;
  AionetDeltaType      delta_type;
  int                  delta_value;
  AionetNatBehavior    mapping;
  AionetNatBehavior    filtering;
  AionetNatHairpinning hairpinning;
  double               confidence;
  gboolean             tested;

  g_test_summary ("Properties and getters say what the object was made with");

  g_object_get (nat, "type", &type, "delta-type", &delta_type, "delta-value", &delta_value,
                "mapping", &mapping, "filtering", &filtering, "hairpinning", &hairpinning,
                "confidence", &confidence, "tested", &tested, "protocol", &protocol, "reasons",
                &reasons, NULL);
  g_assert_cmpint (type, ==, 6);
  g_assert_cmpint (aionet_nat_get_nat_type (nat), ==, 6);
  g_assert_cmpint (delta_type, ==, 5);
  g_assert_cmpint (delta_value, ==, 20);
  g_assert_cmpint (mapping, ==, AIONET_NAT_BEHAVIOR_ADDRESS_AND_PORT_DEPENDENT);
  g_assert_cmpint (aionet_nat_get_mapping (nat), ==, mapping);
  g_assert_cmpint (filtering, ==, AIONET_NAT_BEHAVIOR_ADDRESS_DEPENDENT);
  g_assert_cmpint (aionet_nat_get_filtering (nat), ==, filtering);
  g_assert_cmpint (hairpinning, ==, AIONET_NAT_HAIRPINNING_YES);
  g_assert_cmpint (aionet_nat_get_hairpinning (nat), ==, hairpinning);
  g_assert_cmpfloat (confidence, ==, 0.75);
  g_assert_true (tested);
  g_assert_cmpint (protocol, ==, G_SOCKET_PROTOCOL_TCP);
  g_assert_cmpint (aionet_nat_get_protocol (nat), ==, G_SOCKET_PROTOCOL_TCP);
  g_assert_cmpstrv (reasons, sentences);
  g_assert_cmpstrv (aionet_nat_get_reasons (nat), sentences);
}

static void
test_equal (void)
{
  static const char *const others[] = { "type",      "delta-type",  "delta-value", "mapping",
                                        "filtering", "hairpinning", "confidence",  "tested",
                                        "protocol",  "reasons" };
  static const char *const sentences[] = { "Seen", NULL };
  g_autoptr (AionetNat) nat = aionet_nat_new_untested ();

  g_test_summary ("A difference in any property is a difference");

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (AionetNat) other = NULL;

      if (g_str_equal (others[i], "confidence"))
        other = g_object_new (AIONET_TYPE_NAT, others[i], 0.5, NULL);
      else if (g_str_equal (others[i], "protocol"))
        other = g_object_new (AIONET_TYPE_NAT, others[i], G_SOCKET_PROTOCOL_UDP, NULL);
      else if (g_str_equal (others[i], "reasons"))
        other = g_object_new (AIONET_TYPE_NAT, others[i], sentences, NULL);
      else
        other = g_object_new (AIONET_TYPE_NAT, others[i], 1, NULL);
      g_assert_false (aionet_nat_equal (nat, other));
      g_assert_true (aionet_nat_equal (other, other));
    }
}

static void
test_preconditions (void)
{
  g_test_summary ("Numbers that are no type, and deltas beyond all ports, are refused");

  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*type*");
  g_assert_null (aionet_nat_new (8, AIONET_DELTA_TYPE_EQUAL, 0));
  g_test_assert_expected_messages ();
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*delta_type*");
  g_assert_null (aionet_nat_new (AIONET_NAT_TYPE_OPEN, 0, 0));
  g_test_assert_expected_messages ();
  g_test_expect_message ("aionet", G_LOG_LEVEL_CRITICAL, "*delta_value*");
  g_assert_null (aionet_nat_new (AIONET_NAT_TYPE_OPEN, AIONET_DELTA_TYPE_EQUAL, G_MININT));
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aionet/nat/type-labels", test_type_labels);
  g_test_add_func ("/aionet/nat/delta-labels", test_delta_labels);
  g_test_add_func ("/aionet/nat/untested", test_untested);
  g_test_add_func ("/aionet/nat/properties", test_properties);
  g_test_add_func ("/aionet/nat/equal", test_equal);
  g_test_add_func ("/aionet/nat/preconditions", test_preconditions);
  return g_test_run ();
}
