"""Octets as they come in practice: what a fuzzer begins with, and changes."""

import json
from urllib.parse import urlencode

_FIELDS = {
    "refId": "r-1",
    "id": "Dcshuhod0PMAAAFQ+/PbnR3x$0",
    "operator": "no.telenor",
    "sentTimestamp": "2026-11-26T21:04:31+01:00",
    "timestamp": "2026-11-26T21:04:33Z",
    "resultCode": 1001,
    "operatorResultCode": "2",
    "segments": 1,
    "gateCustomParameters": {"a": "b"},
    "customParameters": [{"key": "destination", "value": "+99955501234"}],
}
_PAIRS = urlencode({name: value for name, value in _FIELDS.items() if isinstance(value, str | int)})
_XML = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><r:DeliveryReport xmlns:r="urn:x"><r:id>a&amp;b'
    "</r:id><r:resultCode>2104</r:resultCode><r:operator><![CDATA[no.tel\xe9]]></r:operator>"
    "</r:DeliveryReport>"
)
_PARTS = (
    '--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nx\r\n'
    '--b\r\nContent-Disposition: form-data; name="resultCode"\r\n\r\n1001\r\n--b--\r\n'
)
REPORTS = (
    json.dumps(_FIELDS).encode(),
    json.dumps([_FIELDS, {**_FIELDS, "id": "b", "resultCode": "9999"}]).encode("utf-16"),
    b'{"id": ""+4746910822"", "resultCode": 1001}',
    b'{"id": "m", "source": "+99955501234", "destination": "1234", "userData": "Hi \\ud83d"}',
    _XML.encode("latin-1"),
    _PARTS.encode(),
    _PAIRS.encode(),
)
ANSWERS = (
    b"1005;Queued;Dcshuhod0PMAAAFQ+/PbnR3x",
    b"1001;Delivered;a;b;c",
    b"2104;Unknown; subscriber\r\n;",
    b"\xef\xbb\xbf 4 ;\xff;null",
    b"<html>502</html>",
)
RESPONSES = (
    *(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(one), one) for one in ANSWERS),
    (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5;x=y\r\n1005;\r\n4\r\nok;i\r\n0\r\nT: r\r\n\r\n"
    ),
    b"HTTP/1.0 429 Slow\r\nRetry-After: 3\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/?Password=x\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, deflate\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
)
REQUESTS = (
    *(
        b"POST /dlr HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(one), one)
        for one in REPORTS
    ),
    b"GET /dlr?%s HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n" % _PAIRS.encode(),
    (
        b"POST /dlr HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
        b"X-Forwarded-For: 192.0.2.1, [::1]:7\r\n\r\n3;a=b\r\n\x1f\x8b\x08\r\n0\r\nT: r\r\n\r\n"
    ),
    b"OPTIONS * HTTP/1.1\r\nExpect: 100-continue\r\nUpgrade: h2c\r\n\r\n",
)
# A request line, and a body: the door writes the headers.
ADMIN = (
    b"GET /messages?to=%2B9995&since=2026-11-26&limit=3 HTTP/1.1\r\n",
    b"GET /messages/Dcs%2Fx HTTP/1.1\r\n",
    b"GET /changes?after=1 HTTP/1.1\r\n",
    b'POST /faults HTTP/1.1\r\n{"to": "+9995", "after": 1, "times": 2, "answer": {"code": 1}}',
    b'POST /faults HTTP/1.1\r\n{"status": 503, "behaviour": "reset", "latency": "20..200"}',
    b'POST /messages/a/reports HTTP/1.1\r\n{"code": 1001, "part": null, "after": 0}',
    b"DELETE /faults/1 HTTP/1.1\r\n",
    (
        b"POST /smscsimplehttp?ServiceId=1&Username=u&Password=p&Source=LINK"
        b"&Destination=%2B99955501234&Userdata=Hi&UserdataHeader=050003010201"
        b"&Tariff=SEK1000&Vat=25.0&Async=true HTTP/1.1\r\n"
    ),
)
PROFILES = (
    b"""version = 1
default = "prod"

[profiles.prod]
base_url = "https://n-eu.linkmobility.io/smscsimplehttp"
service_id = 4711
username = "user"
password_command = "pass show x"
source = "LINK"
allowed_destinations = ["+9995", "+99955501234"]
async = true
""",
    b"\xef\xbb\xbf[profiles.a]\nbase_url = 'http://127.0.0.1:1/'\nservice_id = 1e9\n",
    b"[profiles]\nx = [[1, {a = 1979-05-27T07:32:00Z}], '''\n''', 0x_f, +inf]\n",
)
BATCHES = (
    b'to,text,tariff,key\r\n+99955501234,Hi,,\r\n"+999 (555) 012-35","a\nb",SEK1000,k\r\n\r\n',
    b"\xef\xbb\xbfto;from;text\n'+99955501234;LINK;\xe2\x82\xac\n4.67E+10;x;y;\n",
    b'{"to": "+99955501234", "text": "Hi {name}", "name": 3}\n{"to": 1, "text": null}\n[]\n',
    b"+99955501234\r\n+99955501235\r\n",
    "to,text\n+99955501234,Hi".encode("utf-16"),
)
TEXTS = (
    "Grüße – €, \u0391\u0301 ’quoted’ 👨‍👩‍👧 \u200b".encode(),
    b"plain " * 40,
    "e\u0301".encode() * 90,
    b"\xef\xbb\xbfHi\r\n",
    b"\xff\xfeH\x00i\x00",
)
PASTED = (
    *ANSWERS,
    *REPORTS,
    b'Nov 26 21:04:33 gw app: got "{\\"id\\": \\"a\\", \\"resultCode\\": 2104}" from 192.0.2.1\n',
    b"sent 1005;Queued;abc, then resultCode=1001&id=abc#0 <a:resultCode xmlns:a='b'>1<",
)
# Words of a command line, each ended by a NUL.
COMMAND_LINES = (
    b"code\0001001\0--json\0",
    b"code\0--search\0operator\0--billed\0no\0",
    b"segments\0Gr\xc3\xbc\xc3\x9fe\0--explain\0--max-parts\0002\0",
    b"status\0--to\0*1234\0--since\0yesterday 09:00\0--until\0monday\0--json\0",
    b"status\0--outcome\0overdue\0--count-by\0hour\0--count-by\0operator\0",
    b"status\0#1\0--ticket\0",
    b"status\0--csv\0--limit\0000\0--code\0001001\0--key\0k\0--batch\0b\0",
    b"send\0-t\0+99955501234\0-f\0LINK\0Hi\0--dry-run\0--udh\000050003010201\0--tariff\0SEK1000\0",
    b"send\0-t\0+99955501234\0-f\0+4670\0--charge-only\0--confirm-charge\0SEK1\0--dry-run\0--json\0",
    b"listen\0--replay\0--since\0001h\0--json\0",
    b"config\0list\0--json\0",
    b"config\0set\0x\0service_id=7\0allowed_destinations=+9995,+46\0",
    b"help\0exit-codes\0",
)
# Where the file of a store is changed, and by what: four octets and one.
FLIPS = (b"\0\0\0\x64\xff", b"\0\0\x10\0\x01\0\0\x20\0\x80", b"\xff\xff\xff\xff\xff")
