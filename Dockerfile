# One image for each service: docker build --target product-service .
# Each installs its own hashed lock, and holds shopkit, its own package and, for a gateway, storefront; `load` holds the load alone.

FROM python:3.13-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH

FROM base AS build
RUN python -m venv --without-pip /venv
COPY requirements/services.txt /requirements/
RUN pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /requirements/services.txt
ARG TRACING=
COPY requirements/tracing.txt /requirements/
RUN test -z "$TRACING" || pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /requirements/tracing.txt

FROM build AS build-gateway
COPY requirements/gateway.txt /requirements/
RUN pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /requirements/gateway.txt

FROM build-gateway AS build-gateway-v2
COPY requirements/gateway-v2.txt /requirements/
RUN pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /requirements/gateway-v2.txt
ARG FLEET=
COPY requirements/fleet.txt /requirements/
RUN test -z "$FLEET" || pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /requirements/fleet.txt

FROM base AS build-load
RUN python -m venv --without-pip /venv
COPY requirements/load.txt /requirements/
RUN pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /requirements/load.txt

FROM base AS service
WORKDIR /app
ENV LISTEN_HOST=0.0.0.0
COPY shopkit shopkit
USER 10001:10001

FROM service AS product-service
COPY --from=build /venv /venv
COPY product-service/product_service product_service
CMD ["python", "-m", "product_service"]

FROM service AS recommendations-service
COPY --from=build /venv /venv
COPY recommendations-service/recommendations_service recommendations_service
CMD ["python", "-m", "recommendations_service"]

FROM service AS api-gateway-v1
COPY --from=build-gateway /venv /venv
COPY storefront storefront
COPY api-gateway-v1/api_gateway_v1 api_gateway_v1
CMD ["python", "-m", "api_gateway_v1"]

FROM service AS api-gateway-v2
COPY --from=build-gateway-v2 /venv /venv
COPY storefront storefront
COPY api-gateway-v2/api_gateway_v2 api_gateway_v2
CMD ["python", "-m", "api_gateway_v2"]

FROM service AS control-room
COPY --from=build-gateway /venv /venv
COPY control-room/control_room control_room
CMD ["python", "-m", "control_room"]

FROM base AS load
WORKDIR /app
COPY --from=build-load /venv /venv
COPY locustfile.py .
COPY load load
USER 10001:10001
CMD ["locust", "-f", "locustfile.py,load/web_access.py", "--web-host", "0.0.0.0", "--loglevel", "WARNING"]
