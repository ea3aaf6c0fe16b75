export const metadata = { title: "Read aloud", icons: "data:," };

export default function Layout({ children }: LayoutProps<"/">) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
