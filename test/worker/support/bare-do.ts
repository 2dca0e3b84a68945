import { DurableObject } from "cloudflare:workers";

/** An object with nothing in it, on whose storage a test constructs the part that it tries. */
export class BareDO extends DurableObject<Env> {
	/** Does nothing: what is due is run by the test, when the test's clock says so. */
	override alarm(): void {}
}
