import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { router } from "./routes/router.tsx";
import "./styles.css";
import { followMode } from "./theme/mode.ts";
import { meRead } from "./user/reads.ts";

followMode(document.documentElement, matchMedia("(prefers-color-scheme: dark)"));

const queryClient = new QueryClient({
	// A failed read is shown with its words at once (P2); the reader tries again.
	defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } },
});

// Asked while the scripts of the page still come: every page needs it, and each waits for it.
void queryClient.prefetchQuery(meRead);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
	<StrictMode>
		<QueryClientProvider client={queryClient}>
			<RouterProvider router={router} />
		</QueryClientProvider>
	</StrictMode>,
);
