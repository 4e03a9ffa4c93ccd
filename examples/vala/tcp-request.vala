/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Sends a text to a TCP server, and prints what it replies within five seconds.
 *
 *   $ valac --pkg libaionet-1 tcp-request.vala && ./tcp-request example.com:7 hello
 *   hello
 */

async void request (string target, string text) throws Error {
    var pipe = new Aionet.Pipe (SocketProtocol.TCP, target);

    yield pipe.open_async ();
    pipe.send_text (text);
    var reply = yield pipe.receive_async (5000);
    print ("%s\n", reply.dup_text ());
}

int main (string[] args) {
    var loop = new MainLoop ();
    int status = 1;

    if (args.length != 3) {
        printerr ("usage: tcp-request HOST:PORT TEXT\n");
        return 2;
    }
    request.begin (args[1], args[2], (source, result) => {
        try {
            request.end (result);
            status = 0;
        } catch (Error error) {
            printerr ("%s\n", error.message);
        }
        loop.quit ();
    });
    loop.run ();
    return status;
}
