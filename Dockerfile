# The official image with what our addons need; addons and odoo.conf are mounted, not copied.
FROM odoo:19.0
USER root
COPY requirements.txt /tmp/requirements.txt
RUN pip3 install --no-cache-dir --break-system-packages -r /tmp/requirements.txt
COPY docker/open-store /usr/local/bin/open-store
USER odoo
ENTRYPOINT ["/usr/local/bin/open-store"]
