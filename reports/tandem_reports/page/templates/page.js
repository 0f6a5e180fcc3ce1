// Draws charts as they come into view, sorts and filters the tables, and opens the case that the address names.
const data = JSON.parse(document.getElementById("data").textContent);
const drawn = new Map();

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// --- charts ---

async function draw(figure, spec) {
  const place = figure.querySelector(".drawing");
  const options = { actions: false, renderer: "svg", tooltip: { theme: "custom" } };
  const result = await vegaEmbed(place, spec, options);
  const svg = place.querySelector("svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", spec.description);
  return { view: result.view, spec };
}

// The chart of a figure, drawn once: a promise of its view and its specification.
function chartOf(figure) {
  if (!drawn.has(figure.id)) drawn.set(figure.id, draw(figure, data.charts[figure.id]));
  return drawn.get(figure.id);
}

const figures = [...document.querySelectorAll("main > section figure.chart")];
const seen = new IntersectionObserver(
  (entries) => entries.filter((each) => each.isIntersecting).forEach((each) => chartOf(each.target)),
  { rootMargin: "400px" },
);
figures.forEach((figure) => seen.observe(figure));
addEventListener("beforeprint", () => {
  figures.forEach(chartOf);
  document.querySelectorAll("details").forEach((each) => (each.open = true));
});

// Rows whose columns are lists have a row for each item.
function flat(rows) {
  return rows.flatMap((row) => {
    const lists = Object.entries(row).filter(([, value]) => Array.isArray(value));
    if (!lists.length) return [row];
    return lists[0][1].map((_, at) => ({ ...row, ...Object.fromEntries(lists.map(([name, value]) => [name, value[at]])) }));
  });
}

function csv(rows) {
  const names = Object.keys(rows[0] ?? {});
  // A spreadsheet takes a text that begins like this for a formula.
  const safe = (text) => (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text);
  const cell = (value) => `"${safe(String(value ?? "")).replaceAll('"', '""')}"`;
  return [names, ...rows.map((row) => names.map((name) => row[name]))].map((line) => line.map(cell).join(",")).join("\r\n");
}

function save(name, type, text) {
  const link = element("a", "", { href: `data:${type};charset=utf-8,${encodeURIComponent(text)}`, download: name });
  link.click();
}

async function saveChart(figure, format) {
  const { view, spec } = await chartOf(figure);
  if (format === "csv") return save(`${figure.id}.csv`, "text/csv", csv(flat(spec.datasets.rows)));
  const style = getComputedStyle(document.documentElement);
  const svg = (await view.toSVG()).replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
  return save(`${figure.id}.svg`, "image/svg+xml", svg);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.save) saveChart(button.closest("figure"), button.dataset.save);
  if ("copy" in button.dataset) {
    const copied = navigator.clipboard?.writeText(button.previousElementSibling.textContent);
    copied?.then(() => (button.textContent = "Copied"));
  }
});

// --- tables ---

function sortBy(table, at) {
  const heads = [...table.tHead.rows[0].cells];
  const before = heads[at].getAttribute("aria-sort");
  const up = before === "none" ? !("down" in heads[at].dataset) : before === "descending";
  heads.forEach((head) => head.hasAttribute("aria-sort") && head.setAttribute("aria-sort", "none"));
  heads[at].setAttribute("aria-sort", up ? "ascending" : "descending");
  const key = (row) => {
    const cell = row.cells[at];
    if (!cell || cell.colSpan > 1) return ""; // a case without figures
    return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
  };
  const compare = (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === "" || y === "") return (x === "") - (y === ""); // unknown values stay at the end
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
    return up ? order : -order;
  };
  table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
}

const tables = [...document.querySelectorAll("table.cases")];
for (const table of tables) {
  [...table.tHead.rows[0].cells].forEach((head, at) =>
    head.querySelector("button")?.addEventListener("click", () => sortBy(table, at)),
  );
}

function filter() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows]);
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  document.getElementById("shown").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
}
const field = document.getElementById("filter");
if (field) {
  field.addEventListener("input", filter);
  filter();
}

// --- a case ---

const number = (value) => (value === null || value === undefined ? "–" : String(Number(value.toPrecision(5))));

function tableOf(heads, rows) {
  const table = element("table", "");
  const top = table.createTHead().insertRow();
  heads.forEach((head) => top.append(element("th", head, { scope: "col" })));
  const body = table.createTBody();
  for (const [name, ...cells] of rows) {
    const row = body.insertRow();
    row.append(element("th", name, { scope: "row" }), ...cells.map((cell) => element("td", cell, { class: "number" })));
  }
  const scroll = element("div", "", { class: "scroll", tabindex: "0", role: "region", "aria-label": heads[0] });
  scroll.append(table);
  return scroll;
}

function described(each) {
  const parts = [element("p", `${each.status}${each.outcome ? ":" : ""}`)];
  if (each.outcome) parts.push(element("pre", each.outcome));
  const list = element("ul", "");
  each.notes.forEach((note) => list.append(element("li", note)));
  if (each.notes.length) parts.push(list);
  if (each.again) {
    const line = element("p", "", { class: "command" });
    line.append(element("code", each.again), " ", element("button", "Copy", { type: "button", "data-copy": "" }));
    parts.push(line);
  }
  const rows = each.figures.map((one) => {
    const shown = (value) => number(value === null ? null : value * scale);
    const unit = one.unit === "ms" && one.value * one.scale >= 1000 ? "s" : one.unit;
    const scale = unit === one.unit ? one.scale : 1;
    const interval = one.low === null || one.high === null ? "" : `${shown(one.low)} – ${shown(one.high)}`;
    return [one.name.replaceAll("_", " "), shown(one.value), unit, interval, one.values.map(shown).join(", ")];
  });
  if (rows.length) parts.push(tableOf(["figure", "value", "unit", "95 % interval", "of each process"], rows));
  const agreed = Object.entries(each.agreement).filter(([, value]) => value !== "");
  const told = (value) => (typeof value === "number" ? number(value) : String(value));
  if (agreed.length) parts.push(tableOf(["agreement with fp64", "value"], agreed.map(([name, value]) => [name.replaceAll("_", " "), told(value)])));
  return parts;
}

const panel = document.getElementById("case");

function named() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return ""; // no text that this page made
  }
}

function openCase() {
  const id = named();
  const found = Object.hasOwn(data.cases ?? {}, id) ? data.cases[id] : undefined;
  if (!found) {
    panel.close();
    return;
  }
  document.getElementById("case-title").textContent = id;
  document.getElementById("case-body").replaceChildren(...described(found));
  const figure = document.getElementById("case-calls");
  const ms = data.samples[id];
  figure.hidden = !ms;
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  if (!ms) return;
  const spec = structuredClone(data.calls.spec);
  spec.datasets.rows = [{ call: ms.map((_, at) => at + 1), ms }];
  figure.querySelector("figcaption").textContent = data.calls.caption;
  draw(figure, spec);
}

if (panel) {
  // A click on a case opens it where the reader is; the row stays where it was.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-case]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.hash);
    openCase();
  });
  panel.addEventListener("close", () => {
    if (data.cases[named()]) history.replaceState(null, "", location.pathname + location.search);
  });
  addEventListener("popstate", openCase);
  openCase();
}
