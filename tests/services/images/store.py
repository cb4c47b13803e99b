#!/opt/moto/bin/python
"""`weed mini`: moto's server on port 8333, with the bucket that S3_BUCKET names."""

import os
import sys
import urllib.request

from moto.server import ThreadedMotoServer

if len(os.environ["AWS_SECRET_ACCESS_KEY"]) < 16:
    sys.exit("the secret did not arrive")
server = ThreadedMotoServer("0.0.0.0", 8333)
server.start()
bucket = f"http://127.0.0.1:8333/{os.environ['S3_BUCKET']}"
urllib.request.urlopen(urllib.request.Request(bucket, method="PUT"), timeout=30).close()
server._thread.join()
