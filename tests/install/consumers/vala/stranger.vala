// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 The libaionet authors

// What stranger.c does, in Vala.

const int PATIENCE_MS = 30000;

async void send_to_myself (string text) throws Error {
    var local = new Aionet.Interface.default ().get_route (SocketFamily.IPV4).bind_to ("127.0.0.1", 0);
    var server = new Aionet.Pipe (SocketProtocol.TCP, null, local);
    yield server.open_async (null);
    var target = ((SocketConnectable) server.get_local_address ()).to_string ();
    var client = new Aionet.Pipe (SocketProtocol.TCP, target, null);
    yield client.open_async (null);
    client.send (new Bytes (text.data), null);
    var visitor = yield server.accept_async (PATIENCE_MS, null);
    var message = yield visitor.receive_async (PATIENCE_MS, null);
    var data = message.get_bytes ().get_data ();
    print ("received %.*s\n", data.length, (string) data);
}

async void run () throws Error {
    var backend = Aionet.Host.get_default ().get_address_backend ();
    var links = yield backend.list_links_async (PATIENCE_MS, null);
    for (uint i = 0; i < links.get_n_items (); i++)
        print ("link %s\n", ((Aionet.Link) links.get_item (i)).get_name ());
    var nic = new Aionet.Interface ("eth0");
    yield nic.load_async (null);
    print ("external %s\n", nic.get_route (SocketFamily.IPV4).get_ext_address ().to_string ());
    yield send_to_myself ("hello");
}

int main () {
    var loop = new MainLoop ();
    int status = 0;
    run.begin ((object, result) => {
        try {
            run.end (result);
        } catch (Error error) {
            printerr ("%s\n", error.message);
            status = 1;
        }
        loop.quit ();
    });
    loop.run ();
    return status;
}
