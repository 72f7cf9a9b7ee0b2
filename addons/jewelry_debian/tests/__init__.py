from . import test_backend_assets
from . import test_chromium
from . import test_engine_choice
from . import test_letterhead
from . import test_overlay
from . import test_own_site
from . import test_paper
from . import test_printing
