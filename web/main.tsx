import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./routes/router.tsx";
import "./styles.css";
import { followMode } from "./theme/mode.ts";

followMode(document.documentElement, matchMedia("(prefers-color-scheme: dark)"));

const queryClient = new QueryClient({
	// A failed read is shown with its words at once (P2); the reader tries again.
	defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } },
});

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
	<StrictMode>
		<QueryClientProvider client={queryClient}>
			<RouterProvider router={router} />
		</QueryClientProvider>
	</StrictMode>,
);
