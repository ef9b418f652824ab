// SPDX-License-Identifier: MIT
// The timeline: a lane for each CPU, a column for each state. In a lane: who runs, whose data the FP
// registers hold, FPEXC.EN and the HCPTR trap as waveforms.

const SVG = "http://www.w3.org/2000/svg";
const rows = { number: 0, who: 17, fp: 41, en: 65, trap: 85, height: 108 };
const quietHeight = 44;
const top0 = 8; /* for the cursor's tip */

/* A CPU where nothing happens from start to end gets one row. */
function isQuiet(l) {
	return !data.steps.some((step) => step.cpu === l.cpu) && ![l.who, l.fp, l.en, l.trap].some((field) => varies[field]);
}

/* Where each lane begins, and where the last one ends. */
function laneTops() {
	const tops = [top0];

	for (const l of data.lanes)
		tops.push(tops[tops.length - 1] + (isQuiet(l) ? quietHeight : rows.height));
	return tops;
}

function draw(tag, attributes, ...children) {
	const element = document.createElementNS(SVG, tag);

	for (const [name, value] of Object.entries(attributes))
		element.setAttribute(name, value);
	element.append(...children);
	return element;
}

/* Runs of equal values of a field: [first, end, value]. */
function runs(field) {
	const list = [];

	for (let k = 0; k <= last; k++) {
		const value = states[k][field];
		if (list.length > 0 && list[list.length - 1][2] === value)
			list[list.length - 1][1] = k + 1;
		else
			list.push([k, k + 1, value]);
	}
	return list;
}

function blocks(svg, field, y, height, width) {
	for (const [first, end, value] of runs(field)) {
		const x = first * width + 1, w = (end - first) * width - 2, group = draw("g", { class: tone(value) });

		group.append(draw("title", {}, value));
		group.append(draw("rect", { class: "block", x, y, width: w, height, rx: 3 }));
		if (/\(old\)$/.test(value))
			group.append(draw("rect", { x, y, width: w, height, rx: 3, fill: "url(#hatch)" }));
		const room = Math.floor((w - 6) / 6.7);
		const text = value.length <= room ? value : room > 3 ? value.slice(0, room - 1) + "…" : "";
		/* Long blocks say it again and again: one sees a part of them. */
		for (let at = 0; at === 0 || at + 100 < w; at += 400)
			group.append(draw("text", { x: x + 4 + at, y: y + height / 2 + 4 }, text));
		svg.append(group);
	}
}

/* High is 1. What is neither 0 nor 1 for certain is drawn half-way. */
function wave(svg, field, y, width) {
	const level = (value) => y + (value === "0" ? 14 : value === "1" ? 2 : 8);
	let path = "";

	for (const [first, end, value] of runs(field)) {
		path += `${path === "" ? "M" : "L"}${first * width} ${level(value)}H${end * width}`;
		if (value !== "0")
			svg.append(draw("rect", { class: "high", x: first * width, y: level(value), width: (end - first) * width, height: y + 14 - level(value) }));
		svg.append(draw("text", { class: "level", x: first * width + 3, y: y + 11 }, value));
	}
	svg.append(draw("path", { class: "wave", d: path }));
}

function lane(svg, l, y, width) {
	svg.append(draw("line", { class: "rule", x1: 0, x2: (last + 1) * width, y1: y - 3, y2: y - 3 }));
	data.steps.forEach((step, i) => {
		if (step.cpu !== l.cpu)
			return;
		const x = (i + 1) * width + width / 2, bad = step.details.some((d) => d.bad === "seen") ? " bad" : "";
		svg.append(draw("rect", { class: "badge" + bad, x: x - 12, y, width: 24, height: 14, rx: 7 }));
		svg.append(draw("text", { class: "number" + bad, x, y: y + 10.5 }, (bad ? "✗" : "") + (i + 1)));
	});
	blocks(svg, l.who, y + rows.who, 20, width);
	if (isQuiet(l))
		return;
	blocks(svg, l.fp, y + rows.fp, 20, width);
	wave(svg, l.en, y + rows.en, width);
	wave(svg, l.trap, y + rows.trap, width);
}

function labels(tops, height) {
	const svg = draw("svg", { class: "labels", width: 92, height, "aria-hidden": "true" });

	data.lanes.forEach((l, i) => {
		const y = tops[i], tracks = [["runs", 31], ["FP registers", 55], ["FPEXC.EN", 77], ["HCPTR trap", 97]];
		svg.append(draw("line", { class: "rule", x1: 0, x2: 92, y1: y - 3, y2: y - 3 }));
		svg.append(draw("text", { class: "cpu", x: 8, y: y + 11 }, `cpu${l.cpu}`));
		for (const [text, at] of isQuiet(l) ? tracks.slice(0, 1) : tracks)
			svg.append(draw("text", { class: "track", x: 8, y: y + at }, text));
	});
	return svg;
}

let cursor = null, columnWidth = 0;

function drawTimeline() {
	const pane = $("timeline"), tops = laneTops(), height = tops[data.lanes.length];
	const width = Math.max(46, Math.min(220, Math.floor((pane.clientWidth - 94) / (last + 1))));
	const total = (last + 1) * width;

	if (width === columnWidth)
		return;
	columnWidth = width;
	const svg = draw("svg", { width: total, height, viewBox: `0 0 ${total} ${height}`, role: "img",
		"aria-label": `${last} steps on ${data.cpus} CPUs; the story and the state table say the same in words` });
	svg.append(draw("defs", {}, draw("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
		draw("line", { class: "hatch", x1: 0, y1: 0, x2: 0, y2: 6 }))));
	data.lanes.forEach((l, i) => lane(svg, l, tops[i], width));
	if (data.loop !== null)
		svg.append(draw("line", { class: "loop", x1: data.loop * width, x2: data.loop * width, y1: 0, y2: height }));
	cursor = draw("g", {}, draw("rect", { class: "cursor", x: 0.75, y: 1, width: width - 1.5, height: height - 2, rx: 3 }),
		draw("path", { class: "tip", d: `M${width / 2 - 6} 0h12l-6 6z` }));
	svg.append(cursor);
	svg.addEventListener("click", (event) => go(Math.floor((event.clientX - svg.getBoundingClientRect().left) / width)));
	pane.replaceChildren(labels(tops, height), svg);
	showTimeline();
}

function showTimeline() {
	const pane = $("timeline"), x = at * columnWidth;

	if (!cursor)
		return;
	cursor.setAttribute("transform", `translate(${x})`);
	const room = pane.clientWidth - 92;
	if (x - columnWidth < pane.scrollLeft)
		pane.scrollLeft = x - columnWidth;
	else if (x + 2 * columnWidth > pane.scrollLeft + room)
		pane.scrollLeft = x + 2 * columnWidth - room;
}

function buildTimeline() {
	const legend = $("legend");

	legend.append("A column is the state behind the step of that number. ");
	if (data.lanes.some((l) => states.some((s) => /\(old\)$/.test(s[l.fp]))))
		legend.append("Hatched: an old version. ");
	if (data.loop !== null)
		legend.append(`From the dashed line on, step ${data.loop}, everything is repeated for ever. `);
	drawTimeline();
	new ResizeObserver(drawTimeline).observe($("timeline"));
}

buildHead();
buildStory();
buildState();
buildSource();
buildControls();
buildTheme();
at = Math.min(last, hashStep());
buildTimeline();
go(at);
