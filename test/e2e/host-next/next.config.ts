import type { NextConfig } from "next";

export default {
	// This folder stands in another project, whose lock file Next would take for its own.
	turbopack: { root: import.meta.dirname },
	outputFileTracingRoot: import.meta.dirname,
} satisfies NextConfig;
