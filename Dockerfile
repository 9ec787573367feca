# One image for each service: docker build --target product-service .
# Each installs its own hashed lock, and holds shopkit, its own package and, for a gateway, storefront; `load` holds the load
# alone. Two builds make the same layers: what a build writes has the date SOURCE_DATE_EPOCH (docs/containers.md).
ARG SOURCE_DATE_EPOCH=315532800

FROM python:3.13-slim AS base
ARG SOURCE_DATE_EPOCH

# Nothing that runs holds an installer: neither the base's own pip, nor the wheels that ensurepip would make one from.
FROM base AS without-pip
RUN find /usr \( -name ensurepip -o -name python-wheels -o -name pip -o -name 'pip-*' -o -name 'pip[0-9]*' \) \
    -prune -exec rm -r {} + \
  && find /usr -type d -exec touch --date="@$SOURCE_DATE_EPOCH" {} +

# A copy: what is removed in a layer stays in the one below, and its mark there carries the time of the build.
FROM scratch AS runtime
COPY --from=without-pip / /
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
LABEL org.opencontainers.image.version=0.1.0 \
      org.opencontainers.image.licenses=MIT \
      org.opencontainers.image.base.name=docker.io/library/python:3.13-slim

FROM base AS build
RUN python -m venv --without-pip /venv
COPY containers/install.sh containers/reproducible.sh /containers/

FROM build AS build-services
COPY requirements/services.txt /requirements/
RUN sh /containers/install.sh /requirements/services.txt
ARG TRACING=
COPY requirements/tracing.txt /requirements/
RUN test -z "$TRACING" || sh /containers/install.sh /requirements/tracing.txt

FROM build-services AS build-gateway
COPY requirements/gateway.txt /requirements/
RUN sh /containers/install.sh /requirements/gateway.txt

FROM build-gateway AS build-gateway-v2
COPY requirements/gateway-v2.txt /requirements/
RUN sh /containers/install.sh /requirements/gateway-v2.txt
ARG FLEET=
COPY requirements/fleet.txt /requirements/
RUN test -z "$FLEET" || sh /containers/install.sh /requirements/fleet.txt

FROM build AS build-load
COPY requirements/load.txt /requirements/
# without what only its plugin for pytest needs
RUN sh /containers/install.sh /requirements/load.txt pytest iniconfig pluggy pygments

# Our own code, whatever the dates and permissions of the checkout.
FROM base AS code
COPY containers/healthcheck.sh /code/program/app/healthcheck.sh
COPY shopkit /code/chassis/app/shopkit
COPY storefront /code/storefront/app/storefront
COPY product-service/product_service /code/product-service/app/product_service
COPY recommendations-service/recommendations_service /code/recommendations-service/app/recommendations_service
COPY api-gateway-v1/api_gateway_v1 /code/api-gateway-v1/app/api_gateway_v1
COPY api-gateway-v2/api_gateway_v2 /code/api-gateway-v2/app/api_gateway_v2
COPY control-room/control_room /code/control-room/app/control_room
COPY locustfile.py /code/load/app/
COPY load /code/load/app/load
COPY containers/reproducible.sh /containers/
RUN chmod -R u=rwX,go=rX /code && for part in /code/*; do sh /containers/reproducible.sh "$part"; done

FROM runtime AS program
COPY --from=code /code/program /
WORKDIR /app
USER 10001:10001

FROM program AS service
ENV LISTEN_HOST=0.0.0.0
COPY --from=code /code/chassis /

FROM service AS product-service
LABEL org.opencontainers.image.title=product-service
COPY --from=build-services /image /
COPY --from=code /code/product-service /
CMD ["python", "-m", "product_service"]

FROM service AS recommendations-service
LABEL org.opencontainers.image.title=recommendations-service
COPY --from=build-services /image /
COPY --from=code /code/recommendations-service /
CMD ["python", "-m", "recommendations_service"]

FROM service AS api-gateway-v1
LABEL org.opencontainers.image.title=api-gateway-v1
COPY --from=build-gateway /image /
COPY --from=code /code/storefront /
COPY --from=code /code/api-gateway-v1 /
CMD ["python", "-m", "api_gateway_v1"]

FROM service AS api-gateway-v2
LABEL org.opencontainers.image.title=api-gateway-v2
COPY --from=build-gateway-v2 /image /
COPY --from=code /code/storefront /
COPY --from=code /code/api-gateway-v2 /
CMD ["python", "-m", "api_gateway_v2"]

FROM service AS control-room
LABEL org.opencontainers.image.title=control-room
COPY --from=build-gateway /image /
COPY --from=code /code/control-room /
CMD ["python", "-m", "control_room"]

FROM program AS load
LABEL org.opencontainers.image.title=load
COPY --from=build-load /image /
COPY --from=code /code/load /
CMD ["locust", "-f", "locustfile.py,load/web_access.py", "--web-host", "0.0.0.0", "--loglevel", "WARNING"]
