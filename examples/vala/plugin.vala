/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* An address backend as a plugin: what netlink finds, without the interfaces of Docker. The program
 * adds it to the plugins of the library, which uses it for its high priority.
 *
 *   $ valac --pkg libaionet-1 plugin.vala && ./plugin
 *   eth0
 *   lo
 */

class NoDocker : Aionet.AddressBackend {
    public override void begin (Aionet.Request request) {
        list.begin (request);
    }

    /* The other request ends when this one does. A backend that watches the host itself, as netlink
     * does, calls emit_changed () when something happens. */
    async void list (Aionet.Request request) {
        try {
            var netlink = (Aionet.AddressBackend) Aionet.Registry.get_default ().create_provider (
                typeof (Aionet.AddressBackend), "netlink");
            var links = yield netlink.list_links_async (0, request.get_cancellable ());
            var kept = new ListStore (typeof (Aionet.Link));

            for (uint i = 0; i < links.get_n_items (); i++) {
                var link = (Aionet.Link) links.get_item (i);

                if (!link.name.has_prefix ("docker"))
                    kept.append (link);
            }
            request.complete (kept);
        } catch (Error error) {
            request.fail (error);
        }
    }
}

async void print_interfaces () throws Error {
    var host = Aionet.Host.get_default ();

    Aionet.Registry.get_default ().add_type (typeof (NoDocker), "no-docker", 200);
    yield host.refresh_async ();
    for (uint i = 0; i < host.get_n_items (); i++)
        print ("%s\n", ((Aionet.Interface) host.get_item (i)).name);
}

int main (string[] args) {
    var loop = new MainLoop ();
    int status = 1;

    if (args.length != 1) {
        printerr ("usage: plugin\n");
        return 2;
    }
    print_interfaces.begin ((source, result) => {
        try {
            print_interfaces.end (result);
            status = 0;
        } catch (Error error) {
            printerr ("%s\n", error.message);
        }
        loop.quit ();
    });
    loop.run ();
    return status;
}
