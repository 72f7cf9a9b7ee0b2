# Where customers see a deposit: by a link, and with a login of their own.
PAGE = "/jewelry/deposit"
MINE = "/my/deposits"
