// How charts look: colours come from the style sheet, so that they follow the theme; sizes from the width there is.
const NARROW_PX = 700;
const SHAPES = { full: "circle", degraded: "diamond", failed: "rect", unanswered: "triangle", unsent: "rect" };

function lookNow() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const names = ["page", "panel", "ink", "soft", "line", "sick", "v1", "v2", ...OUTCOMES];
  return {
    ...Object.fromEntries(names.map((name) => [name, colour(name)])),
    degraded: colour("degraded-mark"), // bright enough for a mark; words need the darker one
    halfOpen: colour("degraded"),
    font: style.fontFamily,
    text: Math.round(parseFloat(style.fontSize) * 0.8),
  };
}

const gatewayColour = (look, gateway) => look[shortName(gateway)];
const isNarrow = (width) => width < NARROW_PX;

const textStyle = (look, more = {}) => ({ color: look.ink, fontFamily: look.font, fontSize: look.text, ...more });
const title = (look, text, top, left = 0) => ({
  text,
  top,
  left,
  padding: 0,
  textStyle: textStyle(look, { fontSize: look.text + 1, fontWeight: 600, lineHeight: 18 }),
});

const axisLook = (look) => ({
  axisLine: { show: true, lineStyle: { color: look.soft } },
  axisTick: { lineStyle: { color: look.soft } },
  axisLabel: { color: look.soft, fontFamily: look.font, fontSize: look.text - 1, hideOverlap: true },
  splitLine: { lineStyle: { color: look.line } },
});

const baseOption = (look) => ({
  animation: false,
  textStyle: textStyle(look),
  tooltip: {
    confine: true,
    backgroundColor: look.panel,
    borderColor: look.line,
    textStyle: textStyle(look),
  },
});

const ICONS = { dashed: "path://M0 4h9v4H0zM14 4h9v4h-9z", solid: "path://M0 4h23v4H0z" };
const legendLook = (look, more = {}) => ({
  textStyle: textStyle(look),
  inactiveColor: look.line,
  itemGap: 14,
  itemHeight: 12,
  top: 0,
  left: 0,
  padding: [3, 0],
  ...more,
});

// v1 is dashed and v2 solid, so that no one needs the colour.
const isFirst = (gateway) => gateway === GATEWAYS[0];
const lineItem = (gateway, name = shortName(gateway)) => ({
  name,
  icon: isFirst(gateway) ? ICONS.dashed : ICONS.solid,
});
const areaItem = (name) => ({ name, icon: "roundRect" });
