/** From many countries, in ASCII: the oldest releases cannot log in others. */
export const GIVEN_NAMES = (
  'Ada Aiko Alice Amina Ana Anders Anika Antonio Arun Astrid Ayesha Ben Bianca Boris Carla Carlos Chen Chloe Clara Daniel ' +
  'David Deepa Dmitri Elena Elif Emil Emma Erik Esther Fatima Felix Finn Freya George Grace Hana Hassan Helen Hugo Ida ' +
  'Igor Ines Ivan Jack Jana Javier Joan Jonas Julia Kamal Karin Kenji Lars Laura Leila Leo Lin Lucia Luis Maja Marco Maria ' +
  'Marta Mei Milan Mina Mohamed Nadia Nina Noah Nora Olga Omar Oscar Pablo Paula Peter Petra Priya Rahul Rania Rosa Ruth ' +
  'Samir Sara Sofia Stefan Sven Tariq Teresa Thomas Tomas Uma Vera Viktor Wanda Wei Yara Yusuf Zoe'
).split(' ');

export const FAMILY_NAMES = (
  'Abe Adams Ahmed Ali Andersen Bakker Banerjee Bauer Becker Berg Bianchi Blanc Brown Carter Castro Chan Cohen Costa Cruz ' +
  'Davies Diaz Dubois Edwards Eriksen Evans Farouk Fernandez Fischer Fontaine Fox Fuchs Garcia Gomez Green Gupta Haas ' +
  'Hansen Harris Hassan Hoffmann Holm Horvat Hughes Ito Ivanov Jansen Jensen Jones Kaur Keller Khan Kim Klein Koch Kovacs ' +
  'Kowalski Kumar Lang Larsen Laurent Lee Lind Lopez Maier Marino Martin Mehta Meyer Miller Molina Moreau Morel Mori Nagy ' +
  'Nakamura Nguyen Nielsen Novak Okafor Olsen Ortiz Park Patel Pereira Petrov Popescu Rao Reid Ricci Romano Rossi Ruiz ' +
  'Sato Schmidt Schulz Sharma Silva Singh Smith Sousa Suzuki Tanaka Taylor Torres Vogel Wagner Walker Wang Weber White ' +
  'Wilson Wong Wright Yamada Yilmaz Young Zhang Zimmer'
).split(' ');

export const GROUP_NAMES = (
  'everybody engineering operations sales support research finance design security logistics training legal quality media ' +
  'purchasing payroll archive testers editors reviewers oncall interns managers partners'
).split(' ');
