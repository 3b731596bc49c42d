"""A small SMTP server on this machine, to deliver mails to and look at them."""

import socketserver
import threading


class _Handler(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP for the clients of the standard library."""

    def answer(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.answer("220 localhost ESMTP")
        sender, recipients = None, []
        while line := self.rfile.readline():
            command = line[:4].strip().upper()
            if command == b"EHLO":
                self.answer("250-localhost")
                self.answer("250-SIZE 52428800")
                self.answer("250 8BITMIME")
            elif command == b"DATA":
                self.answer("354 go on")
                content = self.read_data()
                self.server.received.append((sender, recipients, content))
                sender, recipients = None, []
                self.answer("250 taken")
            elif command == b"QUIT":
                self.answer("221 bye")
                return
            else:
                address = line.partition(b":")[2].split(b">")[0].strip(b" <\r\n")
                if command == b"MAIL":
                    sender = address.decode()
                elif command == b"RCPT":
                    recipients.append(address.decode())
                self.answer("250 ok")

    def read_data(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class SmtpSink(socketserver.ThreadingTCPServer):
    """Takes every mail; ``received`` holds (sender, recipients, bytes)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received = []

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self.server_close()
