export { timeOf as msOf } from "../../../shared/town-view/index.ts";
export { agentLook } from "./agent-look.ts";
export { beadLook, type Satellites } from "./bead-look.ts";
export { containerLook } from "./container-look.ts";
export { convoyLook } from "./convoy-look.ts";
export * from "./other-looks.ts";
export { reviewLook } from "./review-look.ts";
export { heardAt, type Sight } from "./sight.ts";
export {
	type Look,
	look,
	SIGNS,
	type SignName,
	TONE_TEXT,
	TONE_TINT,
	type Tone,
	unknownLook,
} from "./signs.ts";
export { FindingSign, Sign, Status } from "./status.tsx";
