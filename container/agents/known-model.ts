import { z } from "zod";
import { modelName } from "./kinds/kind.ts";

/** A start does not wait longer for what it can do without. */
const WAITS_MS = 3_000;
const listed = z.object({ data: z.array(z.object({ id: z.string() })) });

/**
 * Rejects where the provider lists its models, `GET {modelUrl}/models` as OpenAI's API has it, and this one is not among
 * them. Where no list can be read, the model's first answer tells.
 */
export async function mustBeKnown(model: string, modelUrl: string): Promise<void> {
	const answer = await fetch(`${modelUrl}/models`, { signal: AbortSignal.timeout(WAITS_MS) }).catch(
		() => null,
	);
	const list = listed.safeParse(answer?.ok ? await answer.json().catch(() => null) : null);
	if (list.success && !list.data.data.some(({ id }) => id === modelName(model).modelID))
		throw new Error(`There is no model ${model}: its provider does not list it.`);
}
