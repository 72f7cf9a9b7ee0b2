from . import custody
from . import passport
from . import portal
