STOCK = {'tea': 3, 'coffee': 0}


class OutOfStock(Exception):
    """The caller sees the class name as errorType, and the text as errorMessage."""


def take(item):
    if STOCK[item] == 0:
        raise OutOfStock(f'no {item} left')
    return STOCK[item] - 1


def handler(event, context):
    return {'left': take(event['item'])}
