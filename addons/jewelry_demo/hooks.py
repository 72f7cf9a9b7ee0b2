"""What installing the module does."""


def post_init_hook(env):
    """Furnish the demo store."""
    env["jewelry.demo"]._furnish()
