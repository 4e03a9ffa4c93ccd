/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */

#pragma once

#include "engine/aionet-datagram-private.h"
#include "engine/aionet-dispose-private.h"
#include "engine/aionet-reactor-private.h"
#include "engine/aionet-sockaddr-private.h"
#include "pipe/aionet-filter-table-private.h"
#include "pipe/aionet-message-queue-private.h"
#include "pipe/aionet-pipe.h"
#include "value/aionet-target.h"

G_BEGIN_DECLS

/* The parts of a pipe, one file each: aionet-pipe.c is the class, -open makes the socket, -socket
 * watches and closes it, -read and -datagrams take from it, -deliver gives messages to whom they
 * are for, -write, -collect and -send write, -accept is what a TCP server does instead. All run in
 * the thread of the pipe's context.
 *
 * Any callback of the user's may close the pipe or drop the last reference: whoever calls one holds
 * a reference, has everything in order before, and looks at the state again afterwards.
 *
 * What only some pipes need is made when it is needed: an idle TCP pipe owns this struct, a watch
 * and a descriptor. */

typedef enum
{
  AIONET_PIPE_NEW,
  AIONET_PIPE_OPENING,
  AIONET_PIPE_OPEN,
  AIONET_PIPE_CLOSED,
} AionetPipeState;

typedef struct _AionetMessageHandler AionetMessageHandler;
typedef struct _AionetSendQueue      AionetSendQueue;
typedef struct _AionetOpening        AionetOpening;
typedef struct _AionetBacklog        AionetBacklog;
typedef struct _AionetPipeOptions    AionetPipeOptions;
typedef struct _AionetRelay          AionetRelay;
typedef struct _AionetPipeTls        AionetPipeTls;
typedef struct _AionetAsked          AionetAsked;

/* Whom a pipe of a daemon belongs to: is asked before handlers of signals and queues are. Any of
 * these may close the pipe and end its owner. */
typedef struct
{
  gboolean (*takes_messages) (gpointer owner);
  void (*message) (
      gpointer owner, AionetPipe *pipe, const guint8 *data, gsize length, GSocketAddress *sender);
  void (*client) (gpointer owner, AionetPipe *client);
  void (*closed) (gpointer owner, AionetPipe *pipe, const GError *error);
} AionetPipeOwnerFuncs;

struct _AionetPipe
{
  GObject       parent_instance;
  GMainContext *context; /* (owned) */
  AionetHome   *home;    /* (owned) */

  /* Fixed once made. */
  AionetTarget       *target;      /* (owned) (nullable) */
  char               *target_text; /* (owned) (nullable) NULL: server, or made for a socket */
  GSocketConnectable *connectable; /* (owned) (nullable) instead of a target */
  AionetRoute        *route;       /* (owned) (nullable) */
  guint               protocol;    /* GSocketProtocol */

  /* The socket: watched while open. */
  AionetWatch    *watch;  /* (owned) (nullable) */
  GSocket        *socket; /* (owned) (nullable) who the descriptor belongs to, if not to us */
  int             fd;     /* -1: none */
  AionetSockaddr  local;  /* AF_UNSPEC: not asked for yet */
  AionetSockaddr  remote; /* AF_UNSPEC: unconnected */
  GSocketAddress *local_address;  /* (owned) (nullable) cache of local */
  GSocketAddress *remote_address; /* (owned) (nullable) cache of remote */
  GError         *open_error;     /* (owned) (nullable) why a pipe made for a socket is of no use */
  GError         *end_error;      /* (owned) (nullable) what it was closed for */
  GError         *send_error;     /* (owned) (nullable) a stream that can only be read any more */

  guint8          state;       /* AionetPipeState */
  guint8          read_budget; /* datagrams to read in the next turn; follows the traffic */
  guint16         max_segment; /* what is known of the paths of its datagrams */
  gboolean        is_listener : 1;
  gboolean        is_server : 1;
  gboolean        is_accepted : 1; /* a client of a server of ours */
  gboolean        accept_paused : 1;
  gboolean        end_seen : 1; /* the peer has finished; closed once everything is written */
  gboolean        hung_up : 1;  /* an error waits behind a reader that is not ready for it */
  gboolean        is_shut : 1;  /* a relay has ended the half of the stream that we send */
  gboolean        tried_merging : 1;
  gboolean        is_merging : 1;    /* the kernel puts datagrams together for us */
  gboolean        has_collected : 1; /* datagrams to be sent when the batch of events ends */

  guint32         max_receive_bytes;
  guint32         max_receive_messages;
  guint32         max_send_bytes;
  guint32         connect_timeout_ms;
  guint           n_stopped; /* lossless queues that are full: no reading meanwhile */

  AionetMessageHandler *handler;  /* (owned) (nullable) */
  AionetMessageQueue   *queue;    /* (owned) (nullable) what nobody else took */
  AionetFilterTable    *filters;  /* (owned) (nullable) subscriptions */
  GPtrArray            *matches;  /* (owned) (nullable) of the message being delivered */
  GSource              *catch_up; /* (owned) (nullable) hands the queue to a late handler */
  AionetSendQueue      *sends;    /* (owned) (nullable) */
  AionetDatagramBatch  *incoming; /* (not owned) (nullable) that is being handed out */
  AionetAsked          *asked;    /* (owned) (nullable) where a server was asked, and by whom */
  GArray               *failures; /* (owned) (nullable) of collected datagrams, to be reported */
  AionetOpening        *opening;  /* (owned) (nullable) */
  AionetBacklog        *backlog;  /* (owned) (nullable) accepted, but taken by nobody yet */
  AionetPipeOptions    *options;  /* (owned) (nullable) what the program asked of the socket */
  AionetRelay          *relay;    /* (owned) (nullable) the pipes it is joined with */
  AionetPipeTls        *tls;      /* (owned) (nullable) settings and session */

  guint64               n_received;
  guint64               n_sent;
  guint64               n_dropped;
  guint64               bytes_received;
  guint64               bytes_sent;

  /* (not owned) (nullable) */
  gpointer                    owner;
  const AionetPipeOwnerFuncs *owner_funcs;
};

/* aionet-pipe.c */
void     _aionet_pipe_emit_client (AionetPipe *self, AionetPipe *client);
void     _aionet_pipe_emit_refused (AionetPipe *self, GSocketAddress *to, const GError *error);
void     _aionet_pipe_emit_message (AionetPipe *self, AionetMessage *message);
void     _aionet_pipe_emit_closed (AionetPipe *self, const GError *error);
gboolean _aionet_pipe_has_message_handler (AionetPipe *self);
gboolean _aionet_pipe_has_client_handler (AionetPipe *self);

/* aionet-pipe-properties.c */
void _aionet_pipe_install_properties (GObjectClass *object_class);
void _aionet_pipe_init_limits (AionetPipe *self);
void _aionet_pipe_notify_is_open (AionetPipe *self);

/* aionet-pipe-socket.c */
/* socket: (transfer none) (nullable), or else fd, which is the pipe's on success only. TRUE: open.
 */
gboolean _aionet_pipe_adopt (AionetPipe *self, GSocket *socket, int fd, GError **error);
/* Ends the pipe for good. error (nullable): why; NULL: the peer finished, or the user closed. */
void _aionet_pipe_end (AionetPipe *self, const GError *error, gboolean emit);
void _aionet_pipe_refuse (AionetPipe *self, GError *error); /* takes error: never to be opened */
void _aionet_pipe_update_watch (AionetPipe *self);
/* Makes an open UDP pipe for all one for the peer alone. What came from others is dropped. */
gboolean _aionet_pipe_connect_to (AionetPipe *self, GSocketAddress *address, GError **error);
/* FALSE: what goes over the socket is not what is sent and received. */
gboolean _aionet_pipe_is_plain (AionetPipe *self);
void     _aionet_pipe_find_local (AionetPipe *self);
GError  *_aionet_pipe_new_closed_error (const GError *cause);

/* aionet-pipe-open.c */
void _aionet_pipe_opening_end (AionetPipe *self, const GError *error);

/* aionet-pipe-read.c */
void _aionet_pipe_read (AionetPipe *self, GIOCondition condition);
/* The peer has finished: so does the pipe, once everything is written. */
void    _aionet_pipe_end_of_stream (AionetPipe *self);

GError *_aionet_pipe_new_socket_error (AionetPipe *self, int code);

/* aionet-pipe-datagrams.c */
void _aionet_pipe_read_datagrams (AionetPipe *self);
/* For who takes the socket over: what has left it goes to the queue, and what comes is as sent. */
void _aionet_pipe_retire_datagrams (AionetPipe *self);
/* Returns TRUE if the network had reported anything. */
gboolean _aionet_pipe_take_reports (AionetPipe *self);
/* What was put off until the batch of events ends, or runs the main loop in the middle. */
void _aionet_pipe_run_deferred (gpointer user_data);

/* aionet-pipe-asked.c */
void _aionet_pipe_start_asked (AionetPipe *self);
void _aionet_pipe_stop_asked (AionetPipe *self);
void _aionet_pipe_note_asked (AionetPipe *self, const AionetDatagram *datagram);
/* Returns: (nullable) the address to answer from */
const AionetSockaddr *_aionet_pipe_find_asked (AionetPipe *self, const AionetSockaddr *to);

/* aionet-pipe-deliver.c */
void _aionet_pipe_deliver (AionetPipe           *self,
                           const guint8         *data,
                           gsize                 length,
                           const AionetSockaddr *sender);
/* Straight to the queue. */
void                _aionet_pipe_keep (AionetPipe           *self,
                                       const guint8         *data,
                                       gsize                 length,
                                       const AionetSockaddr *sender);
AionetMessageQueue *_aionet_pipe_ensure_queue (AionetPipe *self);
/* Hands what waits in the queue to handlers and relay, if there are any and they take it. */
void _aionet_pipe_catch_up (AionetPipe *self);
/* Somebody looks at messages as they arrive. */
gboolean _aionet_pipe_has_reader (AionetPipe *self);
/* Takes the members of filter over. Returns: (transfer full) */
AionetSubscription *_aionet_pipe_add_subscription (AionetPipe *self, const AionetFilter *filter);
void                _aionet_pipe_deliver_end (AionetPipe *self, const GError *error);
void                _aionet_pipe_deliver_clear (AionetPipe *self);
void                _aionet_pipe_deliver_set_limits (AionetPipe *self);

/* aionet-pipe-write.c */
typedef enum
{
  AIONET_WRITE_COMPLETE,
  AIONET_WRITE_PARTIAL, /* the rest, which may be an empty datagram, has to wait */
  AIONET_WRITE_FAILED,
} AionetWriteResult;

/* Writes what the kernel takes now, if nothing waits already. */
AionetWriteResult _aionet_pipe_write (AionetPipe           *self,
                                      const guint8         *data,
                                      gsize                 length,
                                      const AionetSockaddr *to,
                                      gsize                *n_sent,
                                      GError              **error);
/* The same for who need not know that the kernel has it: a datagram may be collected. */
AionetWriteResult _aionet_pipe_write_message (AionetPipe           *self,
                                              const guint8         *data,
                                              gsize                 length,
                                              const AionetSockaddr *to,
                                              gsize                *n_sent,
                                              GError              **error);
/* errno says that the kernel takes no more for now. */
gboolean _aionet_pipe_is_busy (int code);
GError  *_aionet_pipe_new_send_error (AionetPipe *self, const AionetSockaddr *to, int code);
/* Queues what is left after n_sent bytes. task (nullable): completed once all is written. */
void _aionet_pipe_queue_write (
    AionetPipe *self, GBytes *bytes, gsize n_sent, const AionetSockaddr *to, GTask *task);
gsize    _aionet_pipe_get_n_unsent_bytes (AionetPipe *self);
void     _aionet_pipe_flush (AionetPipe *self);
gboolean _aionet_pipe_has_unsent (AionetPipe *self);
void     _aionet_pipe_send_end (AionetPipe *self, const GError *error);
/* Writing to the stream failed with this errno: nothing more is sent. */
void _aionet_pipe_fail_stream (AionetPipe *self, int code);

/* aionet-pipe-send.c */
/* native: AF_UNSPEC for whom the pipe is connected to */
gboolean _aionet_pipe_check_send (AionetPipe     *self,
                                  GSocketAddress *to,
                                  AionetSockaddr *native,
                                  GError        **error);
gboolean _aionet_pipe_check_length (AionetPipe           *self,
                                    gsize                 length,
                                    const AionetSockaddr *to,
                                    GError              **error);
gboolean _aionet_pipe_has_room (AionetPipe *self, GError **error);

/* aionet-pipe-collect.c */
/* FALSE: nothing is being dispatched, or it is not worth it; write it now. */
gboolean
_aionet_pipe_collect (AionetPipe *self, const guint8 *data, gsize length, const AionetSockaddr *to);
void  _aionet_pipe_flush_collected (AionetPipe *self);
gsize _aionet_pipe_get_n_waiting_bytes (AionetPipe *self); /* unsent or collected */
void  _aionet_pipe_report_failures (AionetPipe *self);

/* aionet-pipe-accept.c */
void _aionet_pipe_accept (AionetPipe *self);
void _aionet_pipe_accept_end (AionetPipe *self, const GError *error);

G_END_DECLS
