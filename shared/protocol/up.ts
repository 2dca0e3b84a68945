import { z } from "zod";
import { cancel } from "./up/cancel.ts";
import { credit } from "./up/credit.ts";
import { focus } from "./up/focus.ts";
import { follow } from "./up/follow.ts";
import { hello } from "./up/hello.ts";
import { ping } from "./up/ping.ts";
import { propose } from "./up/propose.ts";
import { query } from "./up/query.ts";
import { remedy } from "./up/remedy.ts";
import { renew } from "./up/renew.ts";
import { reveal } from "./up/reveal.ts";
import { unfollow } from "./up/unfollow.ts";

/** Everything a viewer may say, checked in full. Every message but `credit` carries an id and gets exactly one answer. */
export const up = z.discriminatedUnion("t", [
	hello,
	follow,
	unfollow,
	credit,
	propose,
	remedy,
	cancel,
	query,
	focus,
	ping,
	renew,
	reveal,
]);
export type Up = z.infer<typeof up>;
export type UpInput = z.input<typeof up>;
