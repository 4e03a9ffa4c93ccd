/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#include "pipes.h"

class Subscriptions : public testing::Test
{
protected:
  Ref<AionetSubscription>
  subscribe (const char *pattern, GSocketAddress *sender = nullptr)
  {
    Error error;
    auto  made = take (aionet_pipe_subscribe (listening.get (), pattern, sender, error.out ()));

    EXPECT_TRUE (made) << error;
    return made;
  }

  Ref<AionetPipe> listening = server (UDP);
  Ref<AionetPipe> client = client_of (listening.get ());
};

TEST_F (Subscriptions, TakeWhatMatches)
{
  auto news = subscribe ("^NEWS "), all = subscribe (nullptr);

  send (client.get (), "gossip");
  send (client.get (), "NEWS of C++");
  EXPECT_EQ (hear (news.get ()), "NEWS of C++");
  EXPECT_EQ (hear (all.get ()), "gossip");
  EXPECT_EQ (hear (all.get ()), "NEWS of C++");
}

TEST_F (Subscriptions, TakeFromOneSender)
{
  auto other = client_of (listening.get ());
  auto one = subscribe (nullptr, aionet_pipe_get_local_address (other.get ()));

  send (client.get (), "from a stranger");
  send (other.get (), "from a friend");
  EXPECT_EQ (hear (one.get ()), "from a friend");
  EXPECT_FALSE (take (aionet_subscription_try_receive (one.get ())));
}

TEST_F (Subscriptions, FindBytesAtAnOffset)
{
  Error error;
  auto  literal = take (aionet_pipe_subscribe_literal (listening.get (), bytes ("id").get (), 3,
                                                       nullptr, error.out ()));

  ASSERT_TRUE (literal) << error;
  send (client.get (), "id, first");
  send (client.get (), "an id, third");
  EXPECT_EQ (hear (literal.get ()), "an id, third");
  EXPECT_FALSE (take (aionet_pipe_subscribe_literal (listening.get (), bytes ("").get (), 0,
                                                     nullptr, error.out ())));
  EXPECT_TRUE (error.is (G_IO_ERROR_INVALID_ARGUMENT)) << error;
}

TEST_F (Subscriptions, QueueUntilTheyAreCancelled)
{
  Error error;
  auto  all = subscribe (nullptr);

  send (client.get (), "one");
  send (client.get (), "two");
  EXPECT_TRUE (turn_until ([&] { return aionet_subscription_get_n_queued (all.get ()) == 2; }));
  EXPECT_EQ (to_text (take (aionet_subscription_try_receive (all.get ())).get ()), "one");
  EXPECT_EQ (aionet_subscription_get_n_dropped (all.get ()), 0u);
  aionet_subscription_cancel (all.get ());
  while (take (aionet_subscription_try_receive (all.get ())))
    ;
  EXPECT_FALSE (receive (all.get (), error));
  EXPECT_TRUE (error.is (AIONET_ERROR_CLOSED)) << error;
}

TEST_F (Subscriptions, RefuseABadPattern)
{
  Error error;

  EXPECT_FALSE (take (aionet_pipe_subscribe (listening.get (), "(", nullptr, error.out ())));
  ASSERT_TRUE (error);
  EXPECT_EQ (error.get ()->domain, G_REGEX_ERROR);
}

TEST_F (Subscriptions, WaitNoLongerThanAsked)
{
  Error error;
  auto  all = subscribe (nullptr);

  EXPECT_FALSE (receive (all.get (), error, 0));
  EXPECT_TRUE (error.is (G_IO_ERROR_TIMED_OUT)) << error;
}

/* ------------------------------------------------------------------ relays */

TEST (Relay, JoinsTwoPipesUntilTheyAreParted)
{
  Error error;
  auto  front = server (TCP), back = server (TCP);
  auto  outer = client_of (front.get ()), inner = accept (front.get ());
  auto  onward = client_of (back.get ()), end = accept (back.get ());

  ASSERT_TRUE (aionet_pipe_forward (inner.get (), onward.get (), error.out ())) << error;
  send (outer.get (), "there");
  EXPECT_EQ (to_text (receive_n (end.get (), 5, error).get ()), "there") << error;
  send (end.get (), "and back");
  EXPECT_EQ (to_text (receive_n (outer.get (), 8, error).get ()), "and back") << error;
  aionet_pipe_unforward (inner.get (), onward.get ());
  send (outer.get (), "for you");
  EXPECT_EQ (to_text (receive_n (inner.get (), 7, error).get ()), "for you") << error;
}

TEST (Relay, RefusesAPipeAndItself)
{
  Error error;
  auto  one = server (UDP);

  EXPECT_FALSE (aionet_pipe_forward (one.get (), one.get (), error.out ()));
  EXPECT_TRUE (error.is (G_IO_ERROR_INVALID_ARGUMENT)) << error;
}
