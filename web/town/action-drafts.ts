/** What an action starts out with where nobody has chosen its parameters yet. */
const DRAFTS: Record<string, Record<string, unknown>> = {
	"bead.reassign": { agent: null },
	"bead.priority": { priority: "high" },
	"agent.nudge": { message: "" },
	"mayor.message": { message: "" },
};
export const draftOf = (name: string): Record<string, unknown> => DRAFTS[name] ?? {};
