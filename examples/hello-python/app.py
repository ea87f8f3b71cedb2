# What stands here runs once, when an environment is initialised.
GREETING = 'Hello'


def handler(event, context):
    """Runs for each event."""
    name = event.get('name', 'world')
    print(f'greeting {name}, {context.get_remaining_time_in_millis()} ms left')
    return {'message': f'{GREETING}, {name}'}
