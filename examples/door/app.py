import http.client

# Made with the environment, and used by every call in it: the record of a warm call says that it was reused.
link = http.client.HTTPConnection("shop.internal", 80, timeout=2)


def handler(event, context):
    link.request("GET", event.get("path", "/"))
    answer = link.getresponse()
    return {"status": answer.status, "bytes": len(answer.read())}
