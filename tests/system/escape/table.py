"""The table of attacks. The modules beside it fill it with @row."""

DENIED = 'denied'  # the attack fails with an error of the system
CONTAINED = 'contained'  # it succeeds within bounds, which `holds` knows
KILLED = 'killed'  # the environment ends

ROWS = {}


class Row:
    def __init__(self, name, attack, tries, must, outside, holds, timeout, may_end, limit, memory):
        self.name = name
        self.attack = attack
        self.tries = tries
        self.must = must
        self.outside = outside  # True, or why it isn't tried there
        self.holds = holds
        self.timeout = timeout
        self.may_end = may_end  # when the limit of memory comes before the bounds
        self.limit = limit  # the limit that holds it, which a user may not have: doctor says so then
        self.function = f'attacks-{timeout}-{memory}'  # the one with these settings
        self.memory = memory


def row(tries, must=DENIED, outside=True, holds=None, timeout=10, may_end=False, limit=None, memory=1024):
    def add(attack):
        name = attack.__name__.replace('_', '-')
        ROWS[name] = Row(name, attack, tries, must, outside, holds, timeout, may_end, limit, memory)
        return attack
    return add


def attempt(name, given):
    """What a row's attack came to: {'reached': …} or {'stopped': …}."""
    try:
        return {'reached': ROWS[name].attack(given)}
    except OSError as error:
        return {'stopped': f'{type(error).__name__} {error.errno}'}
