/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright 2026 The libaionet authors */
/* Loads all interfaces of this host, and prints their routes: which addresses of an interface the
 * outside sees as which.
 *
 *   $ valac --pkg libaionet-1 interfaces.vala && ./interfaces
 *   eth0
 *     [192.168.21.21] -> [1.3.3.7]
 *   lo
 */

async void print_interfaces () throws Error {
    var host = Aionet.Host.get_default ();

    yield host.load_all_async ();
    for (uint i = 0; i < host.get_n_items (); i++) {
        var nic = (Aionet.Interface) host.get_item (i);

        print ("%s\n", nic.name);
        foreach (var family in nic.get_families ()) {
            var routes = nic.get_route_pool (family).groups;

            for (uint j = 0; j < routes.get_n_items (); j++)
                print (@"  $((Aionet.Route) routes.get_item (j))\n");
        }
    }
}

int main (string[] args) {
    var loop = new MainLoop ();
    int status = 1;

    if (args.length != 1) {
        printerr ("usage: interfaces\n");
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
