MEGABYTE = 1 << 20


def handler(event, context):
    """Holds so many megabytes; the memory size decides how far it comes."""
    wanted = min(event.get('megabytes', 512), 1024)
    held = []
    for megabytes in range(1, wanted + 1):
        held.append(bytearray(b'x') * MEGABYTE)
        if megabytes % 32 == 0:
            print(f'holding {megabytes} MB of {context.memory_limit_in_mb} MB')
    return {'held': len(held)}
