{
    "name": "Debian Packaging Repairs",
    "summary": "Whole backend pages and whole PDF prints with Odoo from Debian's own package",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "Jewelry Suite contributors",
    "license": "LGPL-3",
    "depends": ["base", "web", "mail"],
    "assets": {
        "web.assets_backend": [
            # Debian removes this minified file from its package, `mail` still lists it: a console
            # error on every page. The path is spelled as `mail` spells it, because a file that
            # is missing keeps that spelling in the bundle. Without it only the blurring of the
            # camera background is lost, which asks a foreign host for its model anyway.
            ("remove", "mail/static/lib/selfie_segmentation/selfie_segmentation.js"),
        ],
    },
}
