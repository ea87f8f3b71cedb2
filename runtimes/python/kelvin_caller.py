"""What a caller may tell about itself, in fields that hold UTF-8. Loaded when one does."""


class CognitoIdentity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Client:
    installation_id = None
    app_title = None
    app_version_name = None
    app_version_code = None
    app_package_name = None


class ClientContext:
    custom = None
    env = None
    client = None


def make_client_context(text, decode):
    if not text:
        return None
    given = decode(text.encode("latin-1"))
    context = ClientContext()
    context.custom = given.get("custom")
    context.env = given.get("env")
    if given.get("client") is not None:
        context.client = Client()
        for name in vars(Client):
            if name[0] != "_":
                setattr(context.client, name, given["client"].get(name))
    return context


def make_identity(text, decode):
    given = decode(text.encode("latin-1")) if text else {}
    identity = CognitoIdentity()
    identity.cognito_identity_id = given.get("cognitoIdentityId")
    identity.cognito_identity_pool_id = given.get("cognitoIdentityPoolId")
    return identity
