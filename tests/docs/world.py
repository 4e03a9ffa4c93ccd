# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright 2026 The libaionet authors
"""example.org as the docs meet it: a page on port 80, an echo of datagrams on port 7: world.py ADDRESS"""
import http.server
import socketserver
import sys
import threading


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = f'<h1>Hello {self.client_address[0]}</h1>\n'.encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(page)))
        self.end_headers()
        if self.command == 'GET':
            self.wfile.write(page)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        data, answering = self.request
        answering.sendto(data, self.client_address)


threading.Thread(target=socketserver.UDPServer((sys.argv[1], 7), Echo).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer((sys.argv[1], 80), Page).serve_forever()
