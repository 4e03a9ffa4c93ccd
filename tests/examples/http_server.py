# SPDX-License-Identifier: LGPL-2.1-or-later
"""Answers every request with the address it came from: http_server.py PORT."""
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.client_address[0].encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(('', int(sys.argv[1])), Handler).serve_forever()
