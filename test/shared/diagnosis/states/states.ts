import type { CauseCode } from "../../../../shared/diagnosis/codes.ts";
import type { TownView } from "../../../../shared/town-view/index.ts";

/** A town in which a code is the first root of its subject. */
export type FailingState = {
	/** Id of the subject. */
	subject: string;
	town(): TownView;
	/** Steps of its remedy as `name target`; a parameter that decides is said in the test of the rule. */
	remedy: string[];
};
export type States = Partial<Record<CauseCode, FailingState>>;

/** Each file of this folder gives the states of its scenario as `states`: a file that is added joins every table. */
const files = import.meta.glob<{ states?: States }>("./scenario-*.ts", { eager: true });
export const ALL_STATES = Object.assign({}, ...Object.values(files).map(({ states }) => states)) as States;
