// SPDX-License-Identifier: MIT
// The report's page: which step is looked at, and everything that follows it. The data are written by
// traces/report/document.c, which says what they mean. Text goes into the page as text only, never as markup.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const last = data.steps.length;
const $ = (id) => document.getElementById(id);

function make(tag, attributes, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {}))
		element.setAttribute(name, value);
	element.append(...children.filter((child) => child !== null && child !== undefined));
	return element;
}

/* The colour of a context: by its place in the list; old data and guests have their own words, too. */
function tone(name) {
	const i = data.contexts.indexOf(name.replace(/ \(old\)$/, ""));
	return i < 0 ? "tone-idle" : "tone-" + i % 8;
}

/* States: 0 is the one after boot, k the one behind step k. */
const states = [data.start];
const since = [data.start.map(() => 0)];
for (const [i, step] of data.steps.entries()) {
	const state = states[i].slice(), changed = since[i].slice();
	for (const [field, value] of step.set) {
		state[field] = value;
		changed[field] = i + 1;
	}
	states.push(state);
	since.push(changed);
}
const varies = data.fields.map((_, i) => since[last][i] > 0);

let at = 0;

function describe(k) {
	const step = data.steps[k - 1];
	return k === 0 ? "start: all CPUs have booted" : `step ${k}, cpu${step.cpu}, ${step.who}: ${step.headline}`;
}

/* What happens in this step, for eyes and for screen readers. */
function showNow() {
	const step = data.steps[at - 1];
	const list = make("ul", {});

	if (at === 0) {
		$("now").replaceChildren(make("p", {}, make("strong", {}, "Start"), ": all CPUs have booted and are idle."));
		return;
	}
	for (const detail of step.details)
		list.append(make("li", detail.bad ? { class: "bad" } : {}, detail.text));
	const changed = step.set.length;
	$("now").replaceChildren(
		make("p", {}, make("strong", {}, `Step ${at} of ${last}, cpu${step.cpu}, ${step.who}: `), step.headline, "."),
		list,
		make("p", { class: "choices" }, `${changed || "no"} field${changed === 1 ? "" : "s"} changed; the step in the trace: `,
			make("code", {}, step.choices)));
}

function showStory() {
	for (const item of $("story").querySelectorAll("li.step")) {
		const here = Number(item.dataset.step) === at;
		item.classList.toggle("now", here);
		if (here)
			item.querySelector("a").setAttribute("aria-current", "step");
		else
			item.querySelector("a").removeAttribute("aria-current");
		if (here)
			keepInView($("story").parentElement, item);
	}
}

/* Scrolls a pane, never the page: what is looked at stands in its upper half, the end of the list, too. */
function keepInView(pane, item) {
	const list = pane.firstElementChild, top = pane.scrollTop;

	list.style.paddingBottom = "0";
	if (pane.scrollHeight > pane.clientHeight)
		list.style.paddingBottom = `${pane.clientHeight * 0.6}px`;
	pane.scrollTop = top;
	const inner = item.getBoundingClientRect(), outer = pane.getBoundingClientRect();
	const y = inner.top - outer.top;
	if (y < outer.height * 0.05 || y + inner.height > outer.height * 0.55)
		pane.scrollTop += y - outer.height * 0.25;
}

function go(k) {
	at = Math.max(0, Math.min(last, k));
	$("slider").value = at;
	$("slider").setAttribute("aria-valuetext", describe(at));
	$("place").textContent = at === 0 ? "start" : `step ${at} of ${last}`;
	$("first").disabled = $("back").disabled = at === 0;
	$("last").disabled = $("forward").disabled = at === last;
	showNow();
	showStory();
	showState();
	showSource();
	showTimeline();
	if (location.hash !== "#step-" + at)
		history.replaceState(null, "", "#step-" + at);
}

function buildStory() {
	/* Not laid out before it is seen; then the browser has to guess where things are. */
	$("story").classList.toggle("long", last > 500);
	for (let k = 0; k <= last; k++) {
		const step = data.steps[k - 1], details = make("ul", {});
		if (data.loop !== null && k === data.loop)
			$("story").append(make("li", { class: "again" }, "from here on, again and again:"));
		for (const detail of step ? step.details : [])
			details.append(make("li", detail.bad ? { class: "bad" } : {}, detail.bad ? "✗ " : "", detail.text));
		const link = make("a", { href: "#step-" + k },
			make("span", { class: "n" }, String(k)),
			step ? make("span", { class: "who " + tone(step.who) }, (data.cpus > 1 ? `cpu${step.cpu} ` : "") + step.who) : null,
			make("span", { class: "what" }, step ? step.headline : "boot"));
		link.addEventListener("click", (event) => {
			event.preventDefault();
			go(k);
		});
		const item = make("li", { class: "step", "data-step": k }, link, details.children.length > 0 ? details : null);
		$("story").append(item);
	}
}

function paragraphs(element, ...texts) {
	for (const text of texts)
		element.append(make("p", {}, text));
}

function buildHead() {
	const trace = data.trace, verdict = data.verdict;
	const words = { violated: "✗ Violated", holds: "✓ No violation", open: "⚠ Not possible" };

	$("title").textContent = data.title;
	$("facts").textContent = [trace.file, `variant ${trace.variant}${trace.note ? ` (${trace.note})` : ""}`,
		trace.system].join(" · ");
	document.querySelector(".verdict").classList.add(verdict.sign);
	$("sign").textContent = words[verdict.sign];
	$("sentence").textContent = verdict.sentence;
	for (const note of verdict.notes)
		$("notes").append(make("li", {}, note));
	if (data.seen) {
		$("seen").append(make("p", {}, make("strong", {}, data.seen.text)));
		$("seen").append(make("p", { class: "where" }, data.seen.where));
	}
	if (data.property) {
		$("property").append(make("p", {}, make("strong", {}, data.property.name), ": ", data.property.meaning, "."));
		paragraphs($("property"), data.property.more);
	}
	if (trace.comment)
		$("comment").querySelector("p").textContent = trace.comment;
	else
		$("comment").remove();
	$("program").textContent = `Made by ${data.program}; this file needs no network.`;
}

function buildControls() {
	$("slider").max = last;
	$("slider").addEventListener("input", () => go(Number($("slider").value)));
	$("first").addEventListener("click", () => go(0));
	$("back").addEventListener("click", () => go(at - 1));
	$("forward").addEventListener("click", () => go(at + 1));
	$("last").addEventListener("click", () => go(last));
	addEventListener("hashchange", () => go(hashStep()));
	addEventListener("keydown", (event) => {
		const keys = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
		if (!(event.key in keys) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
			return;
		if (event.target.closest("select") || event.defaultPrevented)
			return;
		event.preventDefault();
		go(keys[event.key]);
	});
}

function hashStep() {
	const match = /^#step-(\d{1,9})$/.exec(location.hash);
	return match ? Number(match[1]) : last;
}

function buildTheme() {
	const system = matchMedia("(prefers-color-scheme: dark)");
	const isDark = () => (document.documentElement.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
	const show = () => $("theme").setAttribute("aria-pressed", String(isDark()));

	$("theme").addEventListener("click", () => {
		document.documentElement.dataset.theme = isDark() ? "light" : "dark";
		show();
	});
	system.addEventListener("change", show);
	show();
}
