const ENTITIES: Record<string, string> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

const STYLE = `:root { color-scheme: light dark; --line: #8884; --quiet: #8889; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin: 0 0 .5rem; } h3 { font-size: .9rem; margin: .5rem 0 .2rem; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; } @media (max-width: 50rem) { .columns { grid-template-columns: 1fr; } }
form { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin-bottom: 1rem; display: grid; gap: .5rem; }
label { display: grid; gap: .2rem; font-size: .85rem; } input, textarea, select, button { font: inherit; padding: .3rem .5rem; }
button { justify-self: start; } table { width: 100%; border-collapse: collapse; } td { padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--line); }
pre { background: #8881; padding: .5rem; border-radius: .3rem; overflow-x: auto; font-size: .8rem; } .said { background: #2a71; padding: .5rem; border-radius: .3rem; }
.status { font-size: .8rem; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; white-space: nowrap; } .failed { border-color: #c33; } .closed { border-color: #2a7; }`;

/** A whole page; it leaves out what is being typed when it loads itself anew after `seconds`. */
export const page = (title: string, body: string, seconds?: number): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}</style></head><body><main>${body}</main>${
	seconds
		? `<script>
setInterval(async () => {
	const busy = document.activeElement?.matches("input, textarea, select") || [...document.querySelectorAll("input, textarea")].some((field) => field.value);
	if (!busy) document.querySelector("main").innerHTML = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html").querySelector("main").innerHTML;
}, ${seconds * 1_000});
</script>`
		: ""
}</body></html>`;
