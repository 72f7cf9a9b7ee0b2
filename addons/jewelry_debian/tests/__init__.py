from . import test_backend_assets
