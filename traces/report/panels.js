// SPDX-License-Identifier: MIT
// The state table, and the source beside it.

function valueNodes(field, value) {
	if (field.kind !== "context")
		return [value];
	return [make("span", { class: "swatch " + tone(value), "aria-hidden": "true" }), value];
}

function sinceButton(k) {
	const button = make("button", { type: "button", class: "link", "aria-label": k === 0 ? "since the start" : `since step ${k}` },
		k === 0 ? "start" : String(k));
	button.addEventListener("click", () => go(k));
	return button;
}

function stateRow(i) {
	const field = data.fields[i], changed = at > 0 && since[at][i] === at;
	const now = make("td", { class: "value" }, ...valueNodes(field, states[at][i]));

	if (changed)
		now.append(make("span", { class: "hidden" }, " (changed)"));
	return make("tr", { class: changed ? "changed" : "same", "data-field": field.name },
		make("th", { scope: "row", title: field.name }, field.label),
		make("td", { class: "before" }, ...(changed ? valueNodes(field, states[at - 1][i]) : ["same"])),
		now,
		make("td", {}, sinceButton(since[at][i])));
}

/* One body of rows for each CPU, vCPU and thread; rows that never change only if they are asked for. */
function showState() {
	const table = $("state"), all = $("all-fields").checked;
	const focused = document.activeElement && document.activeElement.closest("#state tr");
	let group = null, body = null;

	for (const old of table.querySelectorAll("tbody"))
		old.remove();
	for (const [i, field] of data.fields.entries()) {
		if (!all && !varies[i])
			continue;
		if (field.group !== group) {
			group = field.group;
			body = make("tbody", {}, make("tr", {}, make("th", { scope: "rowgroup", colspan: 4 }, group)));
			table.append(body);
		}
		body.append(stateRow(i));
	}
	$("state-caption").textContent = at === 0 ? "At the start" : `Behind step ${at}; what it has changed is marked ●`;
	if (focused) {
		const row = [...table.querySelectorAll("tr")].find((r) => r.dataset.field === focused.dataset.field);
		if (row && row.querySelector("button"))
			row.querySelector("button").focus({ preventScroll: true });
	}
}

function buildState() {
	const never = varies.filter((v) => !v).length;

	$("all-label").textContent = `also the ${never} that never change`;
	if (never === 0)
		$("all-fields").closest("p").hidden = true;
	$("all-fields").addEventListener("change", showState);
}

let file = -1, chosen = null;

/* Where things happen in a step, and where its CPU stands behind it: [source, line, words, bad]. */
function placesOf(k) {
	const step = data.steps[k - 1], places = [];
	const add = (at, text, bad) => {
		if (at && !places.some((p) => p[0] === at[0] && p[1] === at[1]))
			places.push([at[0], at[1], text, bad]);
	};

	if (!step) {
		add(data.start_at[0], "cpu0 stands at", false);
		return places;
	}
	for (const detail of step.details)
		add(detail.at, "", Boolean(detail.bad));
	add(step.stands[step.cpu], `cpu${step.cpu} now at`, false);
	return places;
}

/* The place that a step is shown at: of the violation; else the last one where something happens. */
function mainPlace(places, k) {
	const happens = places.filter((p) => p[2] === "");

	return places.find((p) => p[3] && k === last) || happens[happens.length - 1] || places[0] || null;
}

const comments = /(\/\*[\s\S]*?\*\/|\/\/[^\n]*|(?:^|[\t ])@[^\n]*)/gm;
const commentEnd = /\*\//;

/* The lines of a source as nodes, comments set apart; they may go over several lines. */
function sourceLines(source) {
	const lines = [[]];
	const put = (text, comment) => {
		text.split("\n").forEach((piece, i) => {
			if (i > 0)
				lines.push([]);
			if (piece !== "")
				lines[lines.length - 1].push(comment ? make("i", {}, piece) : piece);
		});
	};

	if (source.kind !== "source")
		return source.text.split("\n").map((line) => [line]);
	source.text.split(comments).forEach((piece, i) => put(piece, i % 2 === 1));
	return lines;
}

function openFile(number) {
	file = number;
	$("file").value = String(number);
	const list = make("ol", {});

	sourceLines(data.sources[number]).forEach((nodes, i) => {
		list.append(make("li", { "data-line": i + 1 }, make("span", {}, String(i + 1)), make("span", {}), make("code", {}, ...nodes)));
	});
	$("code").replaceChildren(list);
}

function annotate(row, text, bad) {
	const rest = row.querySelector("code");

	if (![...row.querySelectorAll(".note")].some((n) => n.textContent === text))
		(row.querySelector(".note:last-child") || rest).after(make("span", { class: bad ? "note bad" : "note" }, text));
}

/* Marks in the margin of the file that is open: executed, current, where CPUs stand, what happened. */
function markFile() {
	const rows = $("code").querySelectorAll("li"), step = data.steps[at - 1];
	const stands = step ? step.stands : data.start_at;

	for (const extra of $("code").querySelectorAll(".note, .stands"))
		extra.remove();
	for (const row of rows) {
		row.className = "";
		row.removeAttribute("aria-current");
		row.children[1].textContent = "";
	}
	for (const [source, first, end] of step ? step.ran : []) {
		for (let line = first; source === file && line <= end && line <= rows.length; line++) {
			rows[line - 1].className = "ran";
			rows[line - 1].children[1].textContent = "•";
		}
	}
	for (const detail of step ? step.details : []) {
		if (detail.at && detail.at[0] === file && rows[detail.at[1] - 1])
			annotate(rows[detail.at[1] - 1], (detail.bad ? "✗ " : "") + detail.text, detail.bad);
	}
	stands.forEach((place, cpu) => {
		if (place && place[0] === file && rows[place[1] - 1])
			rows[place[1] - 1].querySelector("code").append(make("span", { class: "stands" }, `cpu${cpu}`));
	});
}

function showLine(place) {
	const row = place && place[0] === file ? $("code").querySelectorAll("li")[place[1] - 1] : null;

	markFile();
	if (!row) {
		$("line").textContent = "";
		return;
	}
	row.classList.add("current");
	row.classList.toggle("seen", place[3]);
	row.setAttribute("aria-current", "location");
	row.children[1].textContent = "▶";
	$("line").textContent = `line ${place[1]}`;
	keepInView($("code"), row);
	for (let i = Math.max(0, place[1] - 20), rows = $("code").querySelectorAll("li"); i < Math.min(rows.length, place[1] + 20); i++)
		rows[i].classList.add("near");
}

function choosePlace(place) {
	chosen = place;
	if (place && place[0] !== file)
		openFile(place[0]);
	showLine(place);
	for (const button of $("places").querySelectorAll("button"))
		button.setAttribute("aria-pressed", String(place && button.dataset.place === `${place[0]}:${place[1]}`));
}

function showSource() {
	const places = placesOf(at);

	$("places").replaceChildren(...places.map((place) => {
		const source = data.sources[place[0]];
		const button = make("button", { type: "button", class: "link where", "data-place": `${place[0]}:${place[1]}` },
			`${source.name}:${place[1]}`);
		button.addEventListener("click", () => choosePlace(place));
		return make("span", {}, place[2] === "" ? (place[3] ? "✗ " : "") : place[2] + " ", button);
	}));
	choosePlace(mainPlace(places, at));
}

function buildSource() {
	const groups = [["Variant", (s) => s.kind === "source" && !s.path.startsWith("model/linux/")],
		["Modelled kernel", (s) => s.path.startsWith("model/linux/")], ["Without a source", (s) => s.kind === "listing"]];

	for (const [label, belongs] of groups) {
		const group = make("optgroup", { label });
		data.sources.forEach((source, i) => belongs(source) && group.append(make("option", { value: i }, source.path)));
		if (group.children.length > 0)
			$("file").append(group);
	}
	$("file").addEventListener("change", () => {
		openFile(Number($("file").value));
		showLine(chosen);
	});
	if (data.sources.length === 0)
		document.querySelector(".source").remove();
}
