/** Look of the menu's button, the same before and after the menu is there. */
export const YOU_BUTTON =
	"inline-flex items-center h-7 shrink-0 rounded-sm border border-kumo-hairline px-2 hover:bg-kumo-tint max-md:h-11 max-md:border-transparent";
