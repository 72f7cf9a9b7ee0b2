from . import custody
from . import count
from . import passport
from . import portal
